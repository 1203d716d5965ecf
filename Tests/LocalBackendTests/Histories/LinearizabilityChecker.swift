/// Searches for an order of requests in which one sequential service would have given the answers
/// of several processes: Wing and Gong's search, over small histories.
struct LinearizabilityChecker {
  /// By process, in the order of its requests.
  let events: [[Event]]
  /// The visible contents at the end.
  let lastLooks: [(step: Step, said: String)]
  /// The longest order found so far, to be shown when none fits completely.
  private(set) var longest: [Event] = []
  /// The answers that differ after it.
  private(set) var objections: [String] = []
  private var steps = 0

  init(_ events: [[Event]], lastLooks: [(step: Step, said: String)]) {
    (self.events, self.lastLooks) = (events, lastLooks)
  }

  /// The number of concurrent pairs of requests of different processes.
  var overlaps: Int {
    var count = 0
    for (index, process) in events.enumerated() {
      for other in events.dropFirst(index + 1) {
        for event in process {
          count += other.count { $0.began < event.ended && event.began < $0.ended }
        }
      }
    }
    return count
  }

  enum Result {
    case found([Event])
    case none, tooLong
  }

  mutating func run(from beginning: ModelService) -> Result {
    var order: [Event] = []
    if search(beginning, events.map { _ in 0 }, &order) { return .found(order) }
    return steps > Self.limit ? .tooLong : .none
  }

  private static let limit = 200_000

  private mutating func search(
    _ model: ModelService, _ taken: [Int], _ order: inout [Event]
  ) -> Bool {
    steps += 1
    guard steps <= Self.limit else { return false }
    if order.count == events.joined().count { return ends(model, order) }
    // A request that ended before another began comes before it.
    let waiting = events.indices.compactMap { process in
      taken[process] < events[process].count ? (process, events[process][taken[process]]) : nil
    }
    let firstEnd = waiting.map(\.1.ended).min() ?? 0
    for (process, event) in waiting where event.began <= firstEnd {
      var next = model
      let said = next.said(to: event.step, event.made).line
      guard said == event.said else {
        object("\(event.step.caller) is told \(event.said), and in this order \(said)", order)
        continue
      }
      var further = taken
      further[process] += 1
      order.append(event)
      if search(next, further, &order) { return true }
      order.removeLast()
    }
    return false
  }

  private mutating func ends(_ model: ModelService, _ order: [Event]) -> Bool {
    for (step, said) in lastLooks {
      var model = model
      let models = model.said(to: step, ModelService.NewIDs()).line
      guard models == said else {
        object("in the end \(step.caller) sees \(said), and in this order \(models)", order)
        return false
      }
    }
    return true
  }

  private mutating func object(_ text: String, _ order: [Event]) {
    if order.count > longest.count { (longest, objections) = (order, []) }
    if order.count == longest.count { objections.append(text) }
  }
}
