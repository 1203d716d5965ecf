import Model
import Text

/// A request that no operation could be asked with.
public enum RequestFault: Error, Hashable, Sendable {
  /// `UnknownOperationException`: not one of ours.
  case unknownOperation
  /// `SerializationException`: no JSON, or a member of another type.
  case unreadable
  /// `InvalidInputException`, `INPUT_REQUIRED`: this member is not there.
  case missing(String)

  /// What the service answers it with.
  public var error: ServiceError {
    switch self {
    case .unknownOperation:
      ServiceError(.unknownOperation, message: Untrusted("The operation is not known."))
    case .unreadable:
      ServiceError(.serialization, message: Untrusted("The request body could not be read."))
    case .missing(let member):
      ServiceError(
        .invalidInput, reason: .inputRequired,
        message: Untrusted("The member \(member) is required."))
    }
  }
}
