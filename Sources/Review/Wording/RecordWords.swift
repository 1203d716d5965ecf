import Model
import Text
import Wire

extension Shape {
  /// The text of the KIND column.
  public var kindName: String {
    switch self {
    case .invitation: "INVITE"
    case .consent: "CONSENT"
    case .finalisation: "ALLFEAT"
    case .transfer: "BILLING"
    case .unknown: "UNKNOWN"
    }
  }
}

/// One damage of a record: `State has the wrong JSON type`, and the text that was written there, printable.
public struct DamageWords: Hashable, Sendable {
  public var fact: String
  public var value: String?

  /// Both in one line of text, with `mark` before what another wrote.
  public func text(marking mark: String = "") -> String {
    fact + (value.map { ": " + mark + $0 } ?? "")
  }
}

extension Handshake {
  /// Returns each damage in words, with the value that was written there.
  public func damageWords(in charset: Charset) -> [DamageWords] {
    damage.map { damage in
      DamageWords(
        fact: "\(damage.place.isEmpty ? "the record" : damage.place) \(damage.fault.words)",
        value: value(of: damage).map { Sanitiser.render($0, for: .full, in: charset) })
    }
  }

  /// Why no effects are shown; nil where they are.
  public var withheldEffects: String? {
    if !damage.isEmpty { return "not shown: the record is damaged" }
    return shape == .unknown ? "not shown: its kind is unknown" : nil
  }

  /// The id as it was written, where it is no valid id; nil where there is none.
  public var writtenID: Untrusted? {
    let found = damage.first { $0.text != nil && $0.place.lowercased() == "id" }
    guard let text = found?.text else { return nil }
    guard let value = try? JSONValue.read(text.bytes), let string = value.string else {
      return text
    }
    return string
  }

  /// The value that a damage is about: as it was written, where that was kept.
  private func value(of damage: Damage) -> Untrusted? {
    if let text = damage.text { return text }
    guard damage.fault != .missing else { return nil }
    switch damage.place {
    case "Id": return id.map { Untrusted($0.text) }
    case "Arn": return arn.map { Untrusted($0.text) }
    case "Action": return action?.wireName
    default: break
    }
    for (index, party) in parties.enumerated() where damage.place == "Parties[\(index)].Id" {
      return party.id.isEmpty ? nil : party.id
    }
    return nil
  }
}

extension Row {
  /// The id as it was written, of a record that is not known by its id: invalid, or shared with another
  /// record.
  public var writtenID: Untrusted? {
    guard id == nil else { return nil }
    return handshake.id.map { Untrusted($0.text) } ?? handshake.writtenID
  }
}

extension Damage.Fault {
  /// Goes on from the name of a member.
  var words: String {
    switch self {
    case .missing: "is missing"
    case .malformed: "is malformed"
    case .broken: "is not valid JSON"
    case .wrongType: "has the wrong JSON type"
    case .misspelt: "is a name in another case"
    case .duplicateKey: "occurs more than once"
    case .tooDeep: "is nested deeper than is kept"
    case .duplicateID: "is the id of another record too"
    case .contradiction: "contradicts another member"
    }
  }
}
