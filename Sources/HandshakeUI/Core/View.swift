import Drawing

/// The whole screen for a state; always of the state's size.
public func view(_ state: State) -> Frame {
  var canvas = Canvas(state.size, state.launch.charset)
  guard state.hasRoom else {
    TooSmallView(state: state).draw(&canvas)
    return canvas.frame
  }
  HeaderView(state: state).draw(&canvas)
  if state.detail != nil {
    DetailView(state: state).draw(&canvas)
  } else {
    ListScreen(state: state).draw(&canvas)
  }
  state.drawDialog(&canvas)
  return canvas.frame
}
