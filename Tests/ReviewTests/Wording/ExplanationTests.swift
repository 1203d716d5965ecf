import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording
import TestSupport
import Testing
import Text

@Suite("Words for errors")
struct ExplanationTests {
  private func error(
    _ exception: ServiceException, _ reason: Reason? = nil, message: String = "",
    applied:
      BackendError.Applied = .refused
  ) -> BackendError {
    BackendError(
      .service(exception, reason: reason, message: Untrusted(message)), in: .acceptHandshake,
      applied: applied, requestID: Untrusted("0a1b"))
  }

  @Test("Every exception is explained with cause, remedy and AWS's own name")
  func exceptions() {
    var seen: Set<String> = []
    for exception in ServiceException.allKnown + [.unknown(Untrusted("FutureException"))] {
      let words = Explanation(error(exception), in: .utf8)
      #expect(words.what == "AcceptHandshake: refused by the service; nothing was changed.")
      #expect(words.why.contains(String(decoding: exception.wireName.bytes, as: UTF8.self)))
      #expect(!words.remedy.isEmpty)
      #expect(words.requestID == "0a1b")
      seen.insert(words.why)
    }
    #expect(seen.count == ServiceException.allKnown.count + 1)
  }

  static let byException: [(ServiceException, [Reason])] = [
    (.accessDeniedForDependency, Reason.ofDependency),
    (.handshakeConstraintViolation, Reason.ofHandshakeConstraint),
    (.constraintViolation, Reason.ofConstraint),
    (.invalidInput, Reason.ofInput),
  ]

  @Test("Every exception with every Reason has its own words, with both names in them")
  func reasons() {
    for (exception, reasons) in Self.byException {
      let plain = Explanation(error(exception), in: .utf8)
      for reason in reasons {
        let words = Explanation(error(exception, reason), in: .utf8)
        let name = String(decoding: reason.wireName.bytes, as: UTF8.self)
        #expect(words.why.contains("(\(name))"), "\(name)")
        if exception != .accessDeniedForDependency {
          #expect(words.remedy != plain.remedy, "\(name) has no remedy of its own")
        }
      }
    }
    let all = Set(Self.byException.flatMap(\.1))
    #expect(all == Set(Reason.allKnown))
  }

  @Test("An unknown Reason uses the words of the exception, and is shown")
  func unknownReason() {
    let words = Explanation(
      error(.constraintViolation, .unknown(Untrusted("NEW_RULE"))), in: .utf8)
    #expect(words.why.hasPrefix("ConstraintViolationException (NEW_RULE)."))
  }

  @Test("Text from the service is sanitised")
  func hostileMessage() {
    let words = Explanation(
      error(.accessDenied, message: "no\u{1B}[2J\u{202E}"), in: .ascii)
    #expect(words.why.contains("<U+001B>[2J<U+202E>"))
    #expect(words.why.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    let hostileName = Explanation(
      error(.unknown(Untrusted("X\u{9B}31m")), .unknown(Untrusted("\u{7}"))), in: .ascii)
    #expect(hostileName.why.utf8.allSatisfy { (0x20...0x7E).contains($0) })
  }

  @Test(
    "Every error says whether anything can have changed",
    arguments: [
      (BackendError.Applied.notSent, "nothing was sent"), (.refused, "nothing was changed"),
      (.unknown, "it may have been applied"),
    ])
  func applied(applied: BackendError.Applied, expected: String) {
    let failures: [BackendError.Failure] = [
      .service(.service, reason: nil, message: Untrusted("")), .unreadable(Untrusted("x")),
      .transport(Untrusted("timeout")), .store(Untrusted("not ours")), .cancelled,
    ]
    for failure in failures {
      let words = Explanation(
        BackendError(failure, in: .acceptHandshake, applied: applied), in: .utf8)
      #expect(words.what.contains(expected))
      #expect(words.remedy.contains("Do not send it again") == (applied == .unknown))
    }
  }

  @Test("A refused signature is attributed to the clock only where the reply's date shows that")
  func clocks() {
    var refused = error(.invalidSignature)
    let unknown = Explanation(refused, in: .utf8)
    #expect(unknown.remedy == "Check the clock and the secret key.")
    refused.clock = .right
    let right = Explanation(refused, in: .utf8)
    #expect(!right.remedy.contains("clock") && right.remedy.contains("secret key"))
    refused.clock = .ahead(.minutes(90))
    let slow = Explanation(refused, in: .utf8)
    #expect(slow.why.contains("90 min behind") && slow.remedy.contains("Set the clock"))
    refused.clock = .ahead(.minutes(-90))
    #expect(Explanation(refused, in: .utf8).why.contains("90 min ahead of"))
  }

  @Test(
    "Certificates have their own remedies, from the service and from a source of credentials")
  func certificates() {
    let sources = CredentialsFault.Source.allCases.map {
      BackendError.Failure.credentials(
        CredentialsFault(.certificates, from: $0, detail: Untrusted("x")))
    }
    let all = CertificateProblem.allCases.map { .certificates($0, Untrusted("x")) } + sources
    for failure in all {
      let words = Explanation(
        BackendError(failure, in: .getCallerIdentity, applied: .notSent), in: .ascii)
      #expect(words.remedy.contains("certificates"))
      #expect(!words.remedy.contains("store") && !words.remedy.contains("network"))
    }
  }

  @Test(
    "Too many requests for credentials are reported as such, with the profile's name quoted for a shell"
  )
  func throttledCredentials() {
    for source in CredentialsFault.Source.allCases {
      let fault = CredentialsFault(
        .throttled, from: source, profile: Untrusted("p"), detail: Untrusted("429"))
      let words = Explanation(
        BackendError(.credentials(fault), in: .getCallerIdentity, applied: .notSent), in: .ascii)
      let told = words.what + " " + words.why
      #expect(told.contains("Too many requests") && words.remedy.contains("Wait"))
      #expect(!told.contains("refused"))
    }
    for (name, word) in [
      ("Acme Prod", "'Acme Prod'"), ("o'neil", "'o'\\''neil'"), ("a/b:c", "a/b:c"),
    ] {
      let fault = CredentialsFault(
        .expired, from: .sso, profile: Untrusted(name), detail: Untrusted("x"))
      let words = Explanation(
        BackendError(.credentials(fault), in: .getCallerIdentity, applied: .notSent), in: .ascii)
      #expect(words.remedy == "Run: aws sso login --profile \(word)")
    }
  }

  @Test("A requested pause is named, rounded up")
  func pause() {
    var throttled = error(.tooManyRequests)
    throttled.retryAfter = Span(milliseconds: 1_001)
    #expect(
      Explanation(throttled, in: .utf8).remedy.hasSuffix("Wait at least 2 s before you try again."))
  }

  @Test("Every ineligibility and every refusal to stage has a reason and a remedy")
  func impediments() throws {
    let account = try Fixture.account(World.acmeDev)
    let id = try Fixture.handshake(World.id(1))
    let impediments: [Ineligibility] = [
      .damaged, .unknownKind, .settled(.accepted), .settled(.unknown(Untrusted("\u{1B}"))),
      .expired(World.now), .waitingForMembers, .onlySender(account), .onlySender(nil),
      .onlyRecipient(account), .onlyManagement(account), .nothingToDecline,
      .managementAccountCannotJoin, .alreadyMember(try Fixture.organization(World.acme)),
      .onlyManagementTransfers,
    ]
    let refusals: [Plan.Refusal] =
      impediments.map { .impediment($0) } + [
        .damaged, .secondAccept(id, account), .unidentified(account), .locked, .noTime,
      ]
    for answer in Answer.allCases {
      for refusal in refusals {
        let words = Explanation(refusal, to: answer, in: .ascii)
        for text in [words.what, words.why, words.remedy] {
          #expect(!text.isEmpty)
          #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        }
      }
    }
    #expect(
      Explanation(.onlySender(nil), to: .cancel, in: .utf8).why
        == "Only the sender can cancel it; you are the recipient.")
    #expect(
      Explanation(.secondAccept(id, account), to: .accept, in: .utf8).why.contains(id.text))
  }

  @Test("An invalid filter is answered with a valid one")
  func filters() {
    for text in ["orgs:x", "\"", "org:", "state:closed", "trust:\u{1B}", "expires:3d"] {
      do {
        _ = try RowFilter(text)
        Issue.record("\(text) was understood")
      } catch {
        let words = Explanation(error, in: .ascii)
        #expect(words.why.contains("use ") || words.why.contains(": "))
        #expect(words.why.utf8.allSatisfy { (0x20...0x7E).contains($0) })
      }
    }
  }
}
