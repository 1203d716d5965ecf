/// Why a text is not the JSON it should be, and where.
public struct JSONFault: Error, Hashable, Sendable {
  public var kind: Kind
  /// The byte at which it shows, counted from 0.
  public var offset: Int

  public init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  public enum Kind: String, Hashable, CaseIterable, Sendable {
    /// The text stops before its value does.
    case unexpectedEnd
    /// A byte that cannot stand there.
    case unexpectedByte
    /// A number that JSON does not write so: `01`, `1.`, `+1`, `NaN`.
    case badNumber
    /// An escape other than `\" \\ \/ \b \f \n \r \t` and `\u` with four hexadecimal digits.
    case badEscape
    /// A raw control character in a string.
    case controlCharacter
    /// A byte order mark, or UTF-16: JSON is exchanged as UTF-8 without a mark.
    case otherEncoding
    /// Something after the value.
    case trailingBytes
    /// More bytes than are taken.
    case tooLarge
    /// More nesting than is taken.
    case tooDeep
    /// A string longer than is taken.
    case stringTooLong
    /// One object has a key twice.
    case duplicateKey
    /// A value of another type than the one expected.
    case wrongType
    /// A member that must be there is not.
    case missing
    /// Members that cannot both be true.
    case contradiction
  }
}
