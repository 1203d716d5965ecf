public enum Shared {}
