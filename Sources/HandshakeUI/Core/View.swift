import Drawing

/// The whole screen for a state; always of the state's size.
public func view(_ state: State) -> Frame {
  var state = state
  state.prepareToDraw()
  var canvas = Canvas(state.size, state.launch.charset)
  guard state.hasRoom else {
    TooSmallView(state: state).draw(&canvas)
    return canvas.frame
  }
  HeaderView(state: state).draw(&canvas)
  if case .review(let review) = state.dialog, review.isAlone {
    // Nothing on the screen may name the organization that the operator is to state.
  } else if state.detail != nil {
    DetailView(state: state).draw(&canvas)
  } else {
    ListScreen(state: state).draw(&canvas)
  }
  state.drawDialog(&canvas)
  return canvas.frame
}
