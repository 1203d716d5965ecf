import Model
import Text

// Replies about responsibility transfers, members in the model's order, absent rather than null.

extension JSONWriter {
  mutating func transfers(_ page: TransferPage) {
    beginObject()
    key("ResponsibilityTransfers")
    beginArray()
    for transfer in page.transfers {
      element()
      self.transfer(transfer)
    }
    endArray()
    nextToken(page.next)
    endObject()
  }

  mutating func transfer(_ transfer: ResponsibilityTransfer) {
    beginObject()
    member("Arn", transfer.arn)
    member("Name", transfer.name)
    member("Id", transfer.id)
    member("Type", transfer.type)
    member("Status", transfer.status)
    participant("Source", transfer.source)
    participant("Target", transfer.target)
    member("StartTimestamp", transfer.start)
    if let end = transfer.end { member("EndTimestamp", end) }
    if let handshake = transfer.handshake { member("ActiveHandshakeId", text: handshake.text) }
    endObject()
  }

  private mutating func participant(
    _ name: StaticString, _ participant: ResponsibilityTransfer.Participant
  ) {
    key(name)
    beginObject()
    if let account = participant.managementAccount {
      member("ManagementAccountId", text: account.text)
    }
    if let email = participant.managementEmail { member("ManagementAccountEmail", email) }
    endObject()
  }
}
