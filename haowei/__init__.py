"""The program: commands, settings, which parts run in this process, who hears which event, the demo, the simulators."""
