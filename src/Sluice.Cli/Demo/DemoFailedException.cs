namespace Sluice.Cli.Demo;

/// <summary>Something in the demo did not go as it should.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
