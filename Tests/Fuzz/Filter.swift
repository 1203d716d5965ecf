import Model
import Text

@testable import ReviewInbox

/// The filter language: every text is a filter or an error, terms mean the same alone and combined,
/// and both ways of searching rows find the same ones.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFilter(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: bytes(start, count), as: UTF8.self)
  var store = rows
  store.completeSearch()
  guard let filter = try? RowFilter(text) else { return 0 }
  let found = slots(of: filter, in: store)
  for blanks in [" \(text)", "\(text)\t ", "\n\(text)\n"] {
    promise((try? RowFilter(blanks)) == filter, "blanks around it make another filter")
  }
  var both = Set(store.rows.indices)
  for term in filter.terms {
    let alone = RowFilter(terms: [term])
    both.formIntersection(slots(of: alone, in: store))
    let hasTime = if case .expires = term { true } else { false }
    promise(
      filter.narrows(alone) != hasTime, "it narrows \(hasTime ? "with the time" : "not itself")")
    checkTerm(term, in: store)
  }
  promise(found == both, "the terms together do not find what each of them does")
  checkHalves(of: text, filter, in: store)
  return 0
}

private func slots(of filter: RowFilter, in store: RowStore) -> Set<Int> {
  let now = Timestamp(milliseconds: 1_700_000_000_000)
  var answers: [Set<Int>] = []
  // Few candidates are searched one by one, many in one pass.
  for candidates in [0, store.rows.count] {
    let tests = store.tests(of: filter, now: now, candidates: candidates)
    answers.append(Set(store.rows.indices.filter { slot in tests.allSatisfy { $0(slot) } }))
  }
  promise(answers[0] == answers[1], "one by one it finds other rows than in one pass")
  return answers[0]
}

/// A row that a narrower filter finds is also found by the wider one.
private func checkHalves(of text: String, _ filter: RowFilter, in store: RowStore) {
  let scalars = Array(text.unicodeScalars)
  var half = String.UnicodeScalarView()
  half.append(contentsOf: scalars.prefix(scalars.count / 2))
  guard let earlier = try? RowFilter(String(half)) else { return }
  guard filter.narrows(earlier) else { return }
  promise(
    slots(of: filter, in: store).isSubset(of: slots(of: earlier, in: store)),
    "it narrows, yet it finds more")
}

/// A word is found where a plain search finds it, in either case.
private func checkTerm(_ term: RowFilter.Term, in store: RowStore) {
  guard case .word(let word) = term else { return }
  promise(!word.isEmpty && !word.contains(0x0A), "a word of nothing, or over two texts")
  let found = slots(of: RowFilter(terms: [term]), in: store)
  for (slot, row) in store.rows.enumerated() {
    let texts =
      row.handshake.parties.map(\.id.bytes) + row.handshake.resources.compactMap(\.value?.bytes)
    let holds = texts.contains { text in
      let lowered = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
      return lowered.count >= word.count
        && (0...lowered.count - word.count).contains { lowered[$0...].starts(with: word) }
    }
    promise(!holds || found.contains(slot), "a word is not found where it stands")
  }
}

/// A few rows, of several kinds.
private let rows: RowStore = {
  var store = RowStore()
  let states: [HandshakeState?] = [.open, .requested, .accepted, .unknown(Untrusted("NEW")), nil]
  let notes = [
    "Hello, world", "Grüße aus \u{212A}öln", "arn:aws:x", "a\u{202E}b \"q\"", "State:open 1 2 3",
    "",
  ]
  for index in 0..<20 {
    let organization = index.isMultiple(of: 3) ? "o-a1b2c3d4e5" : "o-zz9y8x7w6v"
    let arn =
      "arn:aws:organizations::111122223333:handshake/\(organization)/invite/h-row0000\(index + 10)"
    let handshake = Handshake(
      id: HandshakeID("h-row0000\(index + 10)"), arn: HandshakeARN(arn),
      parties: [
        Party(id: Untrusted(String(organization.dropFirst(2))), type: .organization),
        Party(id: Untrusted("44445555\(6660 + index)"), type: .account),
      ],
      state: states[index % states.count], requested: nil,
      expires: index == 4
        ? nil : Timestamp(milliseconds: 1_700_000_000_000 + Int64(index) * 7_200_000),
      action: index == 7 ? .unknown(Untrusted("NewAction")) : .invite,
      resources: [
        Resource(type: .notes, value: Untrusted(notes[index % notes.count]), resources: [])
      ])
    guard let account = AccountID("44445555\(6660 + index)"), let id = handshake.id else {
      continue
    }
    _ = store.append(
      Row(
        key: .handshake(id), handshake: handshake, sources: [SourceKey(account, .received)],
        read: Timestamp(milliseconds: 1_700_000_000_000)))
    if index.isMultiple(of: 2) {
      store.profiles[account] = Profile(account: account, name: Untrusted("Prod-\(index)"))
    }
  }
  return store
}()
