import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording

/// One line above the footer, shown until the next key.
struct Notice: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case news
    case refusal
    case fault
  }

  var text: String
  var kind: Kind

  init(_ text: String, _ kind: Kind = .news) {
    self.text = text
    self.kind = kind
  }

  static let readingAgain = Notice("reading all accounts again")

  var role: Role {
    switch kind {
    case .news: .quiet
    case .refusal: .warning
    case .fault: .danger
    }
  }
}

/// The notice that is shown, and all notices of the session, the latest last.
///
/// The notice line cuts a notice and drops it at a key; the log keeps it whole.
struct Notices: Equatable, Sendable {
  struct Entry: Hashable, Sendable {
    var notice: Notice
    /// The time of the last occurrence.
    var time: Timestamp
    /// The number of consecutive occurrences.
    var count = 1
  }

  private(set) var current: Notice?
  private(set) var log: [Entry] = []
  /// Whether the operator asked to read everything again and the reads are in progress.
  var isRefreshing = false
  /// The most notices that are kept.
  static let limit = 500

  /// Shows a notice and keeps it; shows none for nil.
  mutating func show(_ notice: Notice?, at time: Timestamp) {
    current = notice
    guard let notice else { return }
    if let last = log.indices.last, log[last].notice == notice {
      log[last].count += 1
      log[last].time = time
      return
    }
    if log.count == Self.limit { log.removeFirst() }
    log.append(Entry(notice: notice, time: time))
  }
}
