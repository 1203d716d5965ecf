extension TUICommand {
  /// What the parser makes of no arguments at all, made without it: its reflection is most of what a
  /// start costs.
  static var bare: TUICommand {
    var everywhere = Everywhere()
    everywhere.backend = nil
    everywhere.profile = []
    everywhere.region = nil
    everywhere.endpointURL = nil
    everywhere.write = false
    everywhere.store = nil
    everywhere.account = nil
    everywhere.input = nil
    everywhere.config = nil
    everywhere.readOnly = false
    everywhere.json = false
    everywhere.ascii = false
    everywhere.plain = false
    everywhere.log = nil
    var root = HandshakeCommand()
    root.everywhere = everywhere
    root.version = false
    root.licenses = false
    var command = TUICommand()
    command.root = root
    command.everywhere = everywhere
    command.id = nil
    return command
  }
}
