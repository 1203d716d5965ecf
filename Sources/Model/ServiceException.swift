import Text

/// An exception of the service (AWS Organizations API reference), or of AWS's common front end.
public enum ServiceException: Hashable, Sendable {
  case accessDenied
  case accessDeniedForDependency
  case awsOrganizationsNotInUse
  case accountNotFound
  case accountOwnerNotVerified
  case alreadyInOrganization
  case concurrentModification
  case constraintViolation
  case createAccountStatusNotFound
  case duplicateHandshake
  case finalizingOrganization
  case handshakeAlreadyInState
  case handshakeConstraintViolation
  case handshakeNotFound
  case invalidHandshakeTransition
  case invalidInput
  case masterCannotLeaveOrganization
  case responsibilityTransferNotFound
  case responsibilityTransferAlreadyInStatus
  case invalidResponsibilityTransferTransition
  case service
  case tooManyRequests
  case unsupportedAPIEndpoint
  case unrecognizedClient
  case expiredToken
  case invalidSignature
  case missingAuthenticationToken
  case serialization
  case unknownOperation
  case optInRequired
  case unknown(Untrusted)
}

extension ServiceException: WireName {
  /// The exceptions' names on the wire, each with its case.
  public static let named: [(name: StaticString, value: ServiceException)] = [
    ("AccessDeniedException", .accessDenied),
    ("AccessDeniedForDependencyException", .accessDeniedForDependency),
    ("AWSOrganizationsNotInUseException", .awsOrganizationsNotInUse),
    ("AccountNotFoundException", .accountNotFound),
    ("AccountOwnerNotVerifiedException", .accountOwnerNotVerified),
    ("AlreadyInOrganizationException", .alreadyInOrganization),
    ("ConcurrentModificationException", .concurrentModification),
    ("ConstraintViolationException", .constraintViolation),
    ("CreateAccountStatusNotFoundException", .createAccountStatusNotFound),
    ("DuplicateHandshakeException", .duplicateHandshake),
    ("FinalizingOrganizationException", .finalizingOrganization),
    ("HandshakeAlreadyInStateException", .handshakeAlreadyInState),
    ("HandshakeConstraintViolationException", .handshakeConstraintViolation),
    ("HandshakeNotFoundException", .handshakeNotFound),
    ("InvalidHandshakeTransitionException", .invalidHandshakeTransition),
    ("InvalidInputException", .invalidInput),
    ("MasterCannotLeaveOrganizationException", .masterCannotLeaveOrganization),
    ("ResponsibilityTransferNotFoundException", .responsibilityTransferNotFound),
    ("ResponsibilityTransferAlreadyInStatusException", .responsibilityTransferAlreadyInStatus),
    ("InvalidResponsibilityTransferTransitionException", .invalidResponsibilityTransferTransition),
    ("ServiceException", .service),
    ("TooManyRequestsException", .tooManyRequests),
    ("UnsupportedAPIEndpointException", .unsupportedAPIEndpoint),
    ("UnrecognizedClientException", .unrecognizedClient),
    ("ExpiredTokenException", .expiredToken),
    ("InvalidSignatureException", .invalidSignature),
    ("MissingAuthenticationTokenException", .missingAuthenticationToken),
    ("SerializationException", .serialization),
    ("UnknownOperationException", .unknownOperation),
    ("OptInRequired", .optInRequired),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
