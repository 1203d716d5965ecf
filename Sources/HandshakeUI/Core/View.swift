import Drawing

/// The whole screen for a state; always of the state's size.
public func view(_ state: State) -> Frame {
  Frame(state.size)
}
