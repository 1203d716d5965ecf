import FlyingFox

/// The embedded organization behind AWS JSON 1.1 and STS, on loopback.
public enum Sandbox {}
