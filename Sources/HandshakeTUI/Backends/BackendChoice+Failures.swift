import Wire

extension DocumentFault {
  func failure(_ name: String) -> CommandFailure {
    switch self {
    case .notJSON(let fault):
      CommandFailure(
        .failed, "\(name) is no JSON", why: "byte \(fault.offset): \(fault.words)",
        remedy: "Save what aws organizations list-handshakes-for-account --output json prints.")
    case .cloudTrail(let offset):
      CommandFailure(
        .failed, "\(name) holds CloudTrail events",
        why: "byte \(offset): their form is not the service's, and times and addresses are changed",
        remedy: "Save what aws organizations describe-handshake --output json prints.")
    case .noHandshakes(let offset):
      CommandFailure(
        .failed, "\(name) holds no handshakes", why: "byte \(offset): JSON of another kind",
        remedy: "Save what aws organizations list-handshakes-for-account --output json prints.")
    }
  }
}

extension JSONFault {
  /// In the words of whoever has to mend it.
  var words: String {
    switch kind {
    case .unexpectedEnd: "the text ends too early"
    case .unexpectedByte: "a character that cannot stand there"
    case .badNumber: "a number that JSON does not write so"
    case .badEscape: "an escape that JSON does not have"
    case .controlCharacter: "a control character within a string"
    case .otherEncoding: "not plain UTF-8"
    case .trailingBytes: "something after the end"
    case .tooLarge: "more than is read"
    case .tooDeep: "nested deeper than is read"
    case .stringTooLong: "a string longer than is read"
    case .duplicateKey: "a member that is there twice"
    case .wrongType: "a value of another type"
    case .missing: "a member is missing"
    case .contradiction: "members that contradict each other"
    }
  }
}
