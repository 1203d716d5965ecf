import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Text

/// The text of a confirmation dialog, made only from what will be sent.
public struct ConfirmationWords: Hashable, Sendable {
  /// The answers and their numbers, such as `ACCEPT 2, DECLINE 1`.
  public var title: String
  /// One sentence for each answer, in the order of sending.
  public var lines: [String]
  /// The sentence that says what cannot be undone.
  public var warning: String
  /// The instruction that says what to type to send the answers.
  public var prompt: String

  /// Creates the text of one step of the review.
  ///
  /// `letters` are the random letters of the open dialog. While `isHiding`, the organization that
  /// asks is not named, because the operator has to enter its id from another source.
  public init(_ step: ReviewSheet.Step, letters: String, isHiding: Bool = false) {
    let items = step.items
    title = Self.title(of: items)
    lines = items.map { $0.sentence(isHiding: isHiding) }
    warning = Self.warning(of: items)
    prompt = step.prompt(letters: letters)
  }

  /// Returns the answers in capitals with their numbers.
  private static func title(of items: [PlanItem]) -> String {
    let counted = [Answer.accept, .decline, .cancel].compactMap { answer -> String? in
      let count = items.count { $0.answer == answer }
      return count == 0 ? nil : "\(answer.imperative) \(count)"
    }
    return counted.joined(separator: ", ")
  }

  /// Returns the sentence that says who has to send what again after these declines and cancels.
  ///
  /// The operator is the sender of what is cancelled.
  private static func renewal(of items: [PlanItem]) -> String {
    let act =
      items.allSatisfy { $0.seen.shape == .invitation } ? "invite again" : "send a new request"
    let cancels = items.count { $0.answer == .cancel }
    switch cancels {
    case 0: return "No undo: the sender must \(act)."
    case items.count: return "No undo: you must \(act)."
    default:
      return "No undo: the sender must \(act) where you decline, and you where you cancel."
    }
  }

  /// Returns the sentence that says what cannot be undone; accepts come before declines and
  /// cancels.
  private static func warning(of items: [PlanItem]) -> String {
    let accepts = items.count { $0.answer == .accept }
    switch accepts {
    case 0: return Self.renewal(of: items)
    case 1: return "An accept cannot be undone."
    default: return "The \(accepts) accepts cannot be undone."
    }
  }
}

extension Answer {
  /// The answer in capitals.
  fileprivate var imperative: String {
    switch self {
    case .accept: "ACCEPT"
    case .decline: "DECLINE"
    case .cancel: "CANCEL"
    }
  }
}

extension PlanItem {
  /// Returns the effect of sending this item, in one sentence with the ids.
  ///
  /// While `isHiding`, the sender's ids are left out.
  public func sentence(isHiding: Bool = false) -> String {
    let account = account.text
    let organization = seen.senderOrganization?.text ?? "an unknown organization"
    let sender = isHiding ? "(hidden until you enter the id)" : organization
    let manager = isHiding ? "(hidden)" : seen.senderAccount?.text ?? "an unknown account"
    switch (answer, seen.shape) {
    case (.accept, .invitation):
      return "\(account) JOINS \(sender), managed and paid for by \(manager)"
    case (.accept, .consent): return "\(account) CONSENTS to all features in \(sender)"
    case (.accept, .finalisation):
      return "\(sender) GETS ALL FEATURES permanently, with all its members"
    case (.accept, .transfer):
      return "\(account) TRANSFERS ITS BILLING to "
        + (isHiding ? sender : "\(manager) of \(sender)")
    case (.accept, .unknown): return "\(account) ACCEPTS \(id.text) of \(sender)"
    case (.decline, .invitation): return "\(account) does not join \(sender)"
    case (.decline, .consent):
      return "\(account) does not consent; \(sender) cannot enable all features"
    case (.decline, .transfer): return "\(account) keeps paying its own bill; \(sender) does not"
    case (.decline, .finalisation), (.decline, .unknown):
      return "\(account) declines \(id.text) of \(sender)"
    case (.cancel, .invitation): return "\(sender) withdraws its invitation \(asked)"
    case (.cancel, .consent): return "\(sender) withdraws its consent request \(asked)"
    case (.cancel, .finalisation): return "\(sender) cancels its request to enable all features"
    case (.cancel, .transfer): return "\(sender) withdraws its billing transfer \(asked)"
    case (.cancel, .unknown): return "\(sender) cancels \(id.text)"
    }
  }

  /// The account that is asked, or the handshake's id when only an address is known.
  ///
  /// An address is the sender's text and is not shown in a confirmation dialog.
  private var asked: String {
    seen.recipientAccount.map { "to \($0.text)" } ?? "\(id.text)"
  }
}

extension ReviewSheet.Step {
  /// Returns the instruction that says what to type for this step.
  fileprivate func prompt(letters: String) -> String {
    switch self {
    case .noAccepts, .batch:
      "Type \(confirmation.phrase(letters: letters)), then Enter."
    case .alone:
      "Enter the id of the organization you expect, from your ticket; then type \(letters), then "
        + "Enter."
    }
  }
}
