import Text

// What a handshake says, looked up by structure. Facts that AWS vouches for come from the ARN and
// the parties; the rest is the sender's text.

extension Handshake {
  /// The management account that sent it, from the ARN.
  public var senderAccount: AccountID? { arn?.account }

  /// The organization that sent it: from the ARN; else from the party, else from the resource.
  public var senderOrganization: OrganizationID? {
    if let arn { return arn.organization }
    if let party = parties.first(where: { $0.type == .organization }),
      let text = party.id.asciiText
    {
      return OrganizationID(withOrWithoutPrefix: text)
    }
    return resource(.organization)?.value?.asciiText.flatMap {
      OrganizationID(withOrWithoutPrefix: $0)
    }
  }

  /// The account that is asked: the ACCOUNT party, else the ACCOUNT resource (an invitation to an
  /// e-mail address may come to name one).
  public var recipientAccount: AccountID? {
    let party = parties.first { $0.type == .account }?.id
    return (party ?? resource(.account)?.value)?.asciiText.flatMap { AccountID($0) }
  }

  /// The address that is asked, when it was sent to an address.
  public var recipientEmail: Untrusted? {
    parties.first { $0.type == .email }?.id ?? resource(.email)?.value
  }

  /// The first resource of this type, top level first, then level by level.
  public func resource(_ type: ResourceType) -> Resource? { resource { $0 == type } }

  /// The first resource of such a type, in the same order.
  func resource(where isSought: (ResourceType) -> Bool) -> Resource? {
    var level = resources
    while !level.isEmpty {
      for index in level.indices where isSought(level[index].type) { return level[index] }
      var below: [Resource] = []
      for index in level.indices where !level[index].resources.isEmpty {
        // In most, one resource alone has some: nothing is copied.
        if below.isEmpty { below = level[index].resources } else { below += level[index].resources }
      }
      level = below
    }
    return nil
  }

  /// The handshake that this one belongs to, when it is one of many consents.
  public var parent: HandshakeID? {
    resource(.parentHandshake)?.value?.asciiText.flatMap {
      HandshakeID(withOrWithoutPrefix: $0)
    }
  }

  /// The name that the sender gives its organization's management account.
  public var senderName: Untrusted? {
    (resource(.masterName) ?? resource(.managementName))?.value
  }

  public var senderEmail: Untrusted? {
    (resource(.masterEmail) ?? resource(.managementEmail))?.value
  }

  public var notes: Untrusted? { resource(.notes)?.value }

  /// What the inviting organization has enabled; nil when it is not told.
  public var featureSet: FeatureSet? {
    resource(.organizationFeatureSet)?.value.map { FeatureSet(wireName: $0) }
  }
}
