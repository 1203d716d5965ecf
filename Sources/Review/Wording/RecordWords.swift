import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
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

extension Damage {
  /// The mark of a damaged record in the TRUST column.
  public static let mark = "DAMGD"
  /// The text in the place of a missing id, in a table.
  public static let noID = "(damaged, no id)"
  /// The text in the place of a missing id, in a heading.
  public static let withoutID = "damaged record without an id"
  /// The verdict on a damaged record, before its first damage.
  public static let verdict = "!! DAMAGED, cannot be accepted: "
  /// The verdict on a damaged record above the list of its damage.
  public static let verdictAlone = "!! DAMAGED: it cannot be accepted"
  /// The note about one damaged record.
  public static let note = "the record is damaged and cannot be accepted"

  /// Returns the note about the damaged records of a listing.
  public static func note(_ damaged: Int, of records: Int) -> String {
    "\(damaged) of \(records) records are damaged and cannot be accepted"
  }
}

/// One damage of a record in words.
public struct DamageWords: Hashable, Sendable {
  /// The place and the fault, such as `State has the wrong JSON type`.
  public var fact: String
  /// The value at that place, printable; nil where none was kept.
  public var value: String?

  /// Returns fact and value in one line, with `mark` before the value, which somebody else wrote.
  public func text(marking mark: String = "") -> String {
    fact + (value.map { ": " + mark + $0 } ?? "")
  }
}

extension Handshake {
  /// Returns each damage in words, with the value at its place.
  public func damageWords(in charset: Charset) -> [DamageWords] {
    damage.map { damage in
      DamageWords(
        fact: "\(damage.place.isEmpty ? "the record" : damage.place) \(damage.fault.words)",
        value: value(of: damage).map { Sanitiser.render($0, for: .full, in: charset) })
    }
  }

  /// The reason why no effects are shown; nil where they are shown.
  public var withheldEffects: String? {
    if !damage.isEmpty { return "not shown: the record is damaged" }
    return shape == .unknown ? "not shown: its kind is unknown" : nil
  }

  /// The id as it was written, where it is not a valid id; nil where none was written.
  public var writtenID: Untrusted? {
    let found = damage.first { $0.text != nil && $0.place.lowercased() == "id" }
    guard let text = found?.text else { return nil }
    guard let value = try? JSONValue.read(text.bytes), let string = value.string else {
      return text
    }
    return string
  }

  /// Returns the value at the place of a damage, as it was written where that text was kept.
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
  /// The id as it was written in a record whose id is invalid or shared with another record; nil
  /// for other rows.
  public var writtenID: Untrusted? {
    guard id == nil else { return nil }
    return handshake.id.map { Untrusted($0.text) } ?? handshake.writtenID
  }
}

extension Damage.Fault {
  /// The fault as a clause that follows the name of a member.
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
