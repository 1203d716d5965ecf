import Model
import Text
import Wire

extension FaultRule {
  /// The rules of a body: one or an array of them, each the text of the command line or an object
  /// such as `{"kind": "lost", "op": "AcceptHandshake", "count": 1}`.
  static func rules(_ body: JSONValue) throws(AdminFault) -> [FaultRule] {
    var rules: [FaultRule] = []
    for value in body.array ?? [body] {
      guard let text = text(value) else {
        throw .malformed("a rule is {\"kind\": \"lost\", …} or the text of --fault")
      }
      do throws(Malformed) { rules.append(try FaultRule(text)) } catch {
        throw .malformed(error.detail)
      }
    }
    return rules
  }

  private static func text(_ value: JSONValue) -> String? {
    if let text = value.string { return text.asciiText }
    guard let members = value.object, let kind = value["kind"]?.string?.asciiText else {
      return nil
    }
    var text = kind
    for member in members where member.name != Untrusted("kind") {
      guard let name = member.name.asciiText,
        let option = member.value.string?.asciiText ?? member.value.number?.text,
        !option.contains(",")
      else { return nil }
      text += ",\(name)=\(option)"
    }
    return text
  }
}
