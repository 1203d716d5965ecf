import AWSBackend
import Glibc
import Model

extension BackendChoice {
  /// For `~`: HOME, else the user's entry.
  private var home: String {
    if let home = surroundings.environment["HOME"], !home.isEmpty { return home }
    guard let entry = getpwuid(getuid()), let directory = entry.pointee.pw_dir else { return "/" }
    return String(cString: directory)
  }

  /// The operator's AWS configuration, the disk, the network, and this person.
  var dialogue: any LoginDialogue { surroundings.dialogue }

  func world(_ dialogue: any LoginDialogue) -> AWSWorld {
    let (doubtful, note, ink) = (surroundings.doubtfulFiles, note, settings.ink)
    var world = quietWorld
    world.dialogue = dialogue
    world.tell = { file in if doubtful.insert(file) { note(file.words(ink)) } }
    return world
  }

  /// A world in which nobody is asked for anything and nothing is told: to find out which service is
  /// meant.
  var quietWorld: AWSWorld {
    AWSWorld(
      environment: surroundings.environment, home: home, files: SystemFiles(),
      transport: surroundings.transport, processes: SystemProcesses(), dialogue: NoDialogue(),
      time: surroundings.time, random: surroundings.random)
  }
}
