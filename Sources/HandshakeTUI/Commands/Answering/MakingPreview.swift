import Model
import Review
import Text
import Wire

/// What a request that makes a handshake would do, as `--dry-run` and a missing `--yes` tell it.
protocol MakingPreview {
  func facts(_ ink: Ink) -> Facts
  var json: JSONValue { get }
}

struct InvitePreview: MakingPreview {
  let invitation: Invitation
  let sender: Identity

  private var target: Untrusted {
    switch invitation.target {
    case .account(let text), .email(let text): text
    }
  }

  func facts(_ ink: Ink) -> Facts {
    var facts = Facts()
    facts.add("Would invite", ink.full(target))
    facts.add("As", sender.account.text)
    facts.add("Into", sender.organization?.id.text ?? "no organization: AWS will refuse it")
    facts.add("Notes", invitation.notes.map { ink.full($0) })
    for effect in effects { facts.add("Effect", effect) }
    return facts
  }

  /// What the invitation does, and what accepting it would do.
  private var effects: [String] {
    let payer = sender.organization?.managementAccount ?? sender.account
    return [
      "nothing changes before the account accepts; the attempt counts for 24 hours",
      "if accepted: the account joins the organization, whose policies apply to it at once",
      "if accepted: \(payer.text) pays all of its charges and sees all of its costs",
    ]
  }

  var json: JSONValue {
    .members([
      ("Would", .text("invite")), ("Target", .string(target)),
      ("AccountId", .text(sender.account.text)),
      ("OrganizationId", sender.organization.map { .text($0.id.text) }),
      ("Notes", invitation.notes.map { .string($0) }),
      ("Effects", .array(effects.map { .text($0) })),
    ])
  }
}

struct AllFeaturesPreview: MakingPreview {
  let start: AllFeaturesStart
  let sender: Identity

  func facts(_ ink: Ink) -> Facts {
    var facts = Facts()
    facts.add("Would enable", "all features; cannot be undone once finalised")
    facts.add("As", sender.account.text)
    facts.add("Organization", sender.organization?.id.text)
    for member in start.asks {
      facts.add("Asks", "\(member.account.text) \(ink.full(member.name))")
    }
    if start.asks.isEmpty { facts.add("Asks", "no member: none was invited") }
    if start.mayAskMore {
      facts.add("May ask", "members created by it that deleted the service-linked role")
    }
    for invitation in start.cancels {
      facts.add("Cancels", invitation.words(ink))
    }
    if start.cancels.isEmpty { facts.add("Cancels", "no invitation: none is open") }
    return facts
  }

  var json: JSONValue {
    .members([
      ("Would", .text("enable-all-features")), ("AccountId", .text(sender.account.text)),
      ("OrganizationId", sender.organization.map { .text($0.id.text) }),
      (
        "Asks",
        .array(
          start.asks.map { .members([("Id", .text($0.account.text)), ("Name", .string($0.name))]) })
      ),
      ("MayAskMore", .bool(start.mayAskMore)),
      ("Cancels", .array(start.cancels.map { $0.id.map { .text($0.text) } ?? .null })),
    ])
  }
}

extension Handshake {
  /// Its id and whom it invites.
  fileprivate func words(_ ink: Ink) -> String {
    let invited =
      recipientAccount?.text ?? recipientEmail.map { ink.full($0) } ?? "an unknown recipient"
    return "\(id?.text ?? "an invitation without an id"), to \(invited)"
  }
}
