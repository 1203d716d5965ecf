import Drawing
import Model
import ReviewAnswering

@testable import HandshakeUI

// What a message may mean, said from the outside.

extension Interface {
  /// Whether it only changes the view: filters, orders, refreshes, and all replies.
  func isNeutral(_ message: Message) -> Bool {
    switch message {
    case .key(let key, _): isNeutral(key)
    case .pasted, .stray, .pasteBegan, .pasteAbandoned, .resized, .ticked, .resumed, .identityRead,
      .pageRead, .handshakeRead,
      .profileResolved, .loginInvited, .loginEnded, .codeAsked, .codeWithdrawn, .trustRead,
      .journalRead, .lettersDrawn, .runTold, .reconciled, .written:
      true
    case .started, .terminalLost: false
    }
  }

  private func isNeutral(_ key: Key) -> Bool {
    guard hasRoom else { return true }
    if field != nil, dialog == nil { return true }
    if isAsking { return true }
    switch dialog {
    case nil: break
    // It may do whatever its command does.
    case is PaletteScreen: return key != .enter
    // The last wrong organization takes the row out of the plan.
    case is ReviewScreen: return key != .enter
    default: return true
    }
    switch Command.bound(to: chord + [key], in: context) {
    case .find, .program(.refresh), .program(.refreshAll), .program(.redraw): return true
    default: return false
    }
  }

  var isReviewing: Bool { review != nil }

  /// Whether a review has just opened, or shows another part of itself.
  func showsMore(than before: Interface) -> Bool {
    guard let review, let confirmation = review.confirmation else {
      return false
    }
    guard let old = before.review, let earlier = old.confirmation else { return true }
    return old.progress.step != review.progress.step || old.scroll != review.scroll
      || before.size != size
      || earlier.phase != confirmation.phase
  }

  /// Whether the review says nothing of the key.
  func isUnlisted(_ key: Key, in review: ReviewScreen) -> Bool {
    switch key {
    case .control(let scalar): return !"clznpdufbw".unicodeScalars.contains(scalar)
    case .character, .enter, .tab, .escape, .backspace, .up, .down, .pageUp, .pageDown, .home, .end:
      return false
    case .backTab, .delete, .left, .right, .function, .unknown: return true
    }
  }
}
