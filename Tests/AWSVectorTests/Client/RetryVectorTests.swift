import Model
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite("Retries as AWS's SDKs make them")
struct RetryVectorTests {
  private static let file = "retry/standard-2026.json"

  /// One response of a case, and the expected result.
  private struct Step: Sendable {
    var status: Int
    var code: Untrusted?
    var retryAfter: Untrusted?
    var outcome: String
    var quota: Int?
    var delay: Span?

    init(_ value: JSONValue) throws {
      let response = try #require(value["response"])
      let expected = try #require(value["expected"])
      status = Int(try #require(response["status_code"]?.number?.int))
      code = response["error_code"]?.string
      retryAfter = response["headers"]?["x-amz-retry-after"]?.string
      outcome = try #require(expected.ascii("outcome"))
      quota = expected["retry_quota"]?.number?.int.map { Int($0) }
      delay = expected["delay"]?.number?.epochSeconds.map {
        Span(milliseconds: $0.milliseconds)
      }
    }
  }

  /// One call after another, as `AWSClient` makes them.
  private struct Caller: Sendable {
    let strategy: RetryStrategy
    let quota: RetryQuota
    var attempt = 1
    var lastCost: Int?

    /// The result of a response: the outcome, and the wait before a retry.
    mutating func take(_ step: Step) -> (outcome: String, delay: Span?) {
      if (200..<300).contains(step.status) {
        quota.succeed(after: lastCost)
        (attempt, lastCost) = (1, nil)
        return ("success", nil)
      }
      guard let kind = RetryClassifier.kind(status: step.status, code: step.code) else {
        return ("fail_request", nil)
      }
      switch strategy.decide(
        after: attempt, kind, retryAfter: step.retryAfter, quota: quota, jitter: 1)
      {
      case .retry(let wait, let cost):
        attempt += 1
        lastCost = cost
        return ("retry_request", wait)
      case .maxAttemptsExceeded: return ("max_attempts_exceeded", nil)
      case .quotaExceeded: return ("retry_quota_exceeded", nil)
      }
    }

    mutating func agrees(with step: Step) -> Bool {
      let (outcome, delay) = take(step)
      return outcome == step.outcome && (step.delay.map { $0 == delay } ?? true)
        && step.quota.map { $0 == quota.left } ?? true
    }
  }

  private func caller(_ given: JSONValue) -> Caller {
    var strategy = RetryStrategy()
    if let most = given["max_attempts"]?.number?.int { strategy.maxAttempts = Int(most) }
    if let longest = given["max_backoff_time"]?.number?.epochSeconds {
      strategy.longestWait = Span(milliseconds: longest.milliseconds)
    }
    let tokens = given["initial_retry_tokens"]?.number?.int.map { Int($0) }
    return Caller(strategy: strategy, quota: RetryQuota(tokens ?? RetryQuota.capacity))
  }

  @Test("every case ends as in the vectors, with the same quota and the same waits")
  func vectors() async throws {
    let document = try VectorFile.read(Self.file)
    var count = CaseCount()
    for group in document.object ?? [] {
      for member in group.value.object ?? [] {
        let name = String(decoding: member.name.bytes, as: UTF8.self)
        let given = try #require(member.value["given"])
        if given["long_polling"] == .bool(true), name.contains("when token bucket empty") {
          count.leaveOut(
            name, "only long-polling operations wait before they fail; AWS Organizations has none")
        } else if let threads = member.value["threads"]?.array {
          let end = try #require(member.value["expected_final_quota"]?.number?.int)
          let isRight = try await concurrent(threads, given, end: Int(end))
          count.run(name) { try isRight && interleaved(threads, given, end: Int(end)) }
        } else {
          let steps = try #require(member.value["responses"]?.array).map { try Step($0) }
          count.run(name) {
            var caller = caller(given)
            return steps.allSatisfy { caller.agrees(with: $0) }
          }
        }
      }
    }
    #expect(count.cases == 19)
    try count.record(Self.file)
  }

  /// Runs the threads in the only order that gives the vector's quotas: a thread continues when it
  /// would find the quota that it expects.
  private func interleaved(_ threads: [JSONValue], _ given: JSONValue, end: Int) throws -> Bool {
    let first = caller(given)
    var callers = threads.map { _ in first }
    var steps = try threads.map { thread in
      try (thread.array ?? []).map { try Step($0) }
    }
    while steps.contains(where: { !$0.isEmpty }) {
      let fitting = steps.indices.filter { index in
        guard let step = steps[index].first else { return false }
        let isSuccess = step.outcome == "success"
        let change = isSuccess ? callers[index].lastCost ?? 1 : -RetryKind.transient.cost
        return step.quota == first.quota.left + change
      }
      // Where both are possible the retry comes first; otherwise the other results cannot occur.
      guard
        let next = fitting.first(where: { steps[$0].first?.outcome != "success" })
          ?? fitting.first
      else { return false }
      guard callers[next].agrees(with: steps[next].removeFirst()) else { return false }
    }
    return first.quota.left == end
  }

  /// All at once, in any order: the same quota is left.
  private func concurrent(
    _ threads: [JSONValue], _ given: JSONValue, end: Int
  ) async throws -> Bool {
    let first = caller(given)
    let steps = try threads.map { try ($0.array ?? []).map { try Step($0) } }
    let areRight = await withTaskGroup(of: Bool.self) { group in
      for steps in steps {
        group.addTask {
          var caller = first
          return steps.allSatisfy { caller.take($0).outcome == $0.outcome }
        }
      }
      return await group.allSatisfy { $0 }
    }
    return areRight && first.quota.left == end
  }
}
