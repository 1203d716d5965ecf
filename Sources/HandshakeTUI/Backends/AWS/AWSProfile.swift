import AWSBackend
import Model
import Text

/// One profile of the AWS CLI, and the connection that its settings make.
struct AWSProfile: Sendable {
  /// As the operator named it; `default` for the one that the AWS CLI would use.
  var name: String
  var settings: AWSSettings
  var connection: AWSConnection
}

/// A profile whose account is not known, because STS was not reached or refused.
struct UnknownProfile: Hashable, Sendable {
  var name: String
  var error: BackendError
}
