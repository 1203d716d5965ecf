import Model
import Text

/// What a confirmation dialog says: made from what will be sent and from nothing else.
public struct ConfirmationWords: Hashable, Sendable {
  /// `ACCEPT 2, DECLINE 1`
  public var title: String
  /// One for each answer that will be sent, in the order of sending.
  public var lines: [String]
  /// What cannot be taken back.
  public var warning: String
  /// What has to be done to send it.
  public var prompt: String

  /// While `isHiding`, the organization that asks is not named: the operator is to state it from
  /// elsewhere.
  public init(_ step: ReviewSheet.Step, letters: String, isHiding: Bool = false) {
    let items = step.items
    title = Self.title(of: items)
    lines = items.map { $0.sentence(isHiding: isHiding) }
    warning = Self.warning(of: items)
    prompt = step.prompt(letters: letters)
  }

  private static func title(of items: [PlanItem]) -> String {
    let counted = [Answer.accept, .decline, .cancel].compactMap { answer -> String? in
      let count = items.count { $0.answer == answer }
      return count == 0 ? nil : "\(answer.imperative) \(count)"
    }
    return counted.joined(separator: ", ")
  }

  /// Who must send what again after these declines and cancels. The operator sent what is canceled.
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
  fileprivate var imperative: String {
    switch self {
    case .accept: "ACCEPT"
    case .decline: "DECLINE"
    case .cancel: "CANCEL"
    }
  }
}

extension PlanItem {
  /// What sending this item does, in one sentence with the ids in it; without those of the sender
  /// while `isHiding`.
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

  /// An address is the sender's text and stays out of a dialog: the id stands for it.
  private var asked: String {
    seen.recipientAccount.map { "to \($0.text)" } ?? "\(id.text)"
  }
}

extension ReviewSheet.Step {
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
