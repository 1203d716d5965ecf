/// A value with something secret in it: descriptions, dumps and failed tests show its kind only.
public protocol Withheld: CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{}

extension Withheld {
  public var description: String { "‹\(Self.self)›" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension SignableRequest: Withheld {}
extension CanonicalRequest: Withheld {}
extension SigV4.Signed: Withheld {}
extension SignatureClaim: Withheld {}
extension SigningKey: Withheld {}
