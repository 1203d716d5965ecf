import HandshakeUI
import Model
import Platform
import ReviewAnswering
import ReviewWording
import Text

/// The staged answers of an interrupted session, kept for the next start at the same place.
///
/// The file in the state directory holds ids and answers only: the answers are staged again from
/// what the service returns then (UX-16.7).
struct StagingStore: Sendable {
  /// The state directory, an absolute path.
  var path: String

  /// Replaces the answers kept for this place; an empty list removes them.
  func keep(_ kept: [StagedAnswer], for place: ServicePlace) {
    // SAFETY: a draft is a convenience. When it cannot be kept, the operator stages again.
    try? write(kept, for: place)
  }

  /// Returns the answers kept for this place; empty when there are none or they cannot be read.
  func kept(for place: ServicePlace) -> [StagedAnswer] {
    // SAFETY: as above.
    guard let directory = try? Directory.open(path, creating: false, privacy: .secret),
      let bytes = try? directory.contents(of: Self.name(for: place), limit: 1 << 20)
    else { return [] }
    return Self.read(bytes, for: place)
  }

  private func write(_ kept: [StagedAnswer], for place: ServicePlace) throws(FileError) {
    let directory = try Directory.open(path, creating: !kept.isEmpty, privacy: .secret)
    let name = Self.name(for: place)
    if kept.isEmpty {
      try directory.remove(name)
    } else {
      try directory.replace(name, with: Self.text(kept, for: place))
    }
  }
}

extension StagingStore {
  /// Returns the file's text: the place, then one answer per line.
  static func text(_ kept: [StagedAnswer], for place: ServicePlace) -> [UInt8] {
    let lines = [heading(of: place)] + kept.map { "\($0.answer.rawValue) \($0.id.text)" }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Parses a file; empty for another place or format, and an invalid line is skipped.
  static func read(_ bytes: [UInt8], for place: ServicePlace) -> [StagedAnswer] {
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first, first.elementsEqual(heading(of: place).utf8) else { return [] }
    return lines.dropFirst().compactMap { line in
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
      guard words.count == 2,
        let answer = Answer(rawValue: String(decoding: words[0], as: UTF8.self)),
        let id = HandshakeID(String(decoding: words[1], as: UTF8.self))
      else { return nil }
      return StagedAnswer(id: id, answer: answer)
    }
  }

  private static func heading(of place: ServicePlace) -> String {
    let address = Sanitiser.render(place.address, for: .full, in: .ascii)
    return "handshake-staged 1 \(place.backend.rawValue) \(place.partition) \(address)"
  }

  /// Returns the file's name, a hash (FNV-1a) of the place.
  ///
  /// Two places with the same hash only overwrite each other's draft.
  private static func name(for place: ServicePlace) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in heading(of: place).utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return "staged-" + String(hash, radix: 16)
  }
}
