import Model
import Review
import Text
import Wire

/// The output of `--dry-run` for one handshake: who would answer, and the effects of that.
struct Rehearsal {
  let line: ReviewSheet.Line
  let ink: Ink

  func text(_ layout: Layouting) -> String {
    var facts = Facts()
    let item = line.item
    facts.add("Would \(item.answer.rawValue)", item.id.text)
    facts.add("As", item.account.text)
    facts.add(
      "To", item.seen.recipientAccount?.text ?? item.seen.recipientEmail.map { ink.full($0) })
    facts.add("Organization", item.seen.senderOrganization?.text)
    facts.add("Management account", item.seen.senderAccount?.text)
    facts.add("Kind", item.seen.shape.kindName)
    facts.add("Trust", line.mark.text)
    facts.add(
      "Looks like",
      line.lookAlike.map {
        "\(ink.full($0.name)), \($0.organization.text) managed by \($0.account.text)"
      })
    facts.add("Listed with", line.ruling.listedManager?.text)
    for reason in line.ruling.reasons { facts.add("Alone", reason.words) }
    for effect in line.consequences.effects {
      facts.add(effect.label, effect.words(in: ink.charset))
    }
    for refusal in line.consequences.mayBeRefused { facts.add("AWS refuses if", refusal.words) }
    return facts.text(layout)
  }

  /// The value of `DryRun`, beside the handshake as the AWS CLI prints it.
  var json: JSONValue {
    func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .text($0) }) }
    let effects = line.consequences.effects.map { effect in
      JSONValue.members([
        ("Effect", .text(effect.label)), ("Text", .text(effect.words(in: ink.charset))),
      ])
    }
    return .members([
      ("Answer", .text(line.item.answer.rawValue)),
      ("AccountId", .text(line.item.account.text)),
      ("Kind", .text(line.item.seen.shape.kindName)),
      ("Trust", .text(line.mark.text)),
      ("ConfirmedSeparatelyBecause", texts(line.ruling.reasons.map(\.words))),
      ("Effects", .array(effects)),
      ("MayBeRefusedIf", texts(line.consequences.mayBeRefused.map(\.words))),
    ])
  }
}
