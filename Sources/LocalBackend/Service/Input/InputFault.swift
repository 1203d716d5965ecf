import Model
import Text

/// A mistake in a request that the domain's own types cannot even hold, so that no operation can be
/// asked with it: `LocalBackend.refuse` answers it as the service does.
public struct InputFault: Hashable, Sendable {
  var reason: Reason
  var message: String

  /// Both filters of a listing at once.
  public static let bothFilters = InputFault(
    reason: .maxLimitExceededFilter,
    message: "You can specify only one filter parameter for the operation.")

  /// What a listing is filtered by is no handshake's id.
  public static func parent(_ text: Untrusted) -> InputFault? {
    do {
      _ = try Call.checkedHandshakeID(text)
      return nil
    } catch {
      guard let refusal = error as? Refusal, let reason = refusal.reason else { return nil }
      return InputFault(reason: reason, message: refusal.message)
    }
  }

  /// A target that is neither an account nor an address.
  public static func target(_ type: PartyType) -> InputFault {
    if case .unknown = type {
      return InputFault(reason: .invalidEnum, message: "The type of the target is not valid.")
    }
    return InputFault(
      reason: .invalidPartyTypeTarget,
      message: "You specified the wrong type of entity (account, organization, or email) as a "
        + "party.")
  }
}

extension Call {
  func refuse(_ fault: InputFault) throws {
    try authorise()
    throw Refusal.invalidInput(fault.reason, fault.message)
  }
}
