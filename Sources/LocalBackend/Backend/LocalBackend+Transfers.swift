import Model
import Text

/// Paying another organization's bill.
extension LocalBackend {
  /// InviteOrganizationToTransferResponsibility.
  public func inviteToTransferBilling(_ request: TransferRequest) async throws(BackendError)
    -> Reply<Handshake>
  {
    try await write(.inviteOrganizationToTransferResponsibility) {
      try $0.inviteToTransfer(request)
    }
  }

  /// ListInboundResponsibilityTransfers and ListOutboundResponsibilityTransfers.
  public func transfers(
    _ query: TransferQuery, _ page: PageRequest = PageRequest()
  ) async throws(BackendError) -> Reply<TransferPage> {
    try await read(query.operation) { try $0.listTransfers(query, page) }
  }

  /// DescribeResponsibilityTransfer.
  public func transfer(_ id: Untrusted) async throws(BackendError)
    -> Reply<ResponsibilityTransfer>
  {
    try await read(.describeResponsibilityTransfer) { try $0.describeTransfer(id) }
  }

  /// UpdateResponsibilityTransfer.
  public func renameTransfer(_ id: Untrusted, to name: Untrusted) async throws(BackendError)
    -> Reply<ResponsibilityTransfer>
  {
    try await write(.updateResponsibilityTransfer) { try $0.updateTransfer(id, name: name) }
  }

  /// TerminateResponsibilityTransfer: it ends with this month or the next, with this one when nil.
  public func terminateTransfer(_ id: Untrusted, end: Timestamp? = nil) async throws(BackendError)
    -> Reply<ResponsibilityTransfer>
  {
    try await write(.terminateResponsibilityTransfer) { try $0.terminateTransfer(id, end: end) }
  }
}

extension TransferQuery {
  var operation: Operation {
    direction == .inbound
      ? .listInboundResponsibilityTransfers : .listOutboundResponsibilityTransfers
  }
}
