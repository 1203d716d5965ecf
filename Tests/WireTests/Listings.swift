import Model
import TestSupport
import Text
import Wire

/// Listings to break: three valid invitations, and texts made of them.
struct Listings {
  let sound: [Handshake]
  let records: [[UInt8]]

  init() throws {
    sound = try (0..<3).map { index in
      var fixture = InvitationFixture()
      fixture.id = "h-7d1f0c2a9b44e8a\(index)"
      return try fixture.make()
    }
    records = sound.map { $0.json(.wire) }
  }

  /// `{"Handshakes":[…]}` of these records.
  static func listing(_ records: [[UInt8]]) -> [UInt8] {
    Array("{\"Handshakes\":[".utf8) + Array(records.joined(separator: [0x2C]))
      + Array("]}".utf8)
  }

  /// The second record with `text` in place of its notes' value.
  func second(notes text: [UInt8]) -> [UInt8] {
    replacing("\"CHG-4411 move\"", with: text)
  }

  /// The second record with one part of its text changed.
  func replacing(_ old: String, with new: [UInt8]) -> [UInt8] {
    let record = records[1]
    let old = Array(old.utf8)
    for place in record.indices where record[place...].starts(with: old) {
      return Array(record[..<place]) + new + Array(record[(place + old.count)...])
    }
    return record
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
