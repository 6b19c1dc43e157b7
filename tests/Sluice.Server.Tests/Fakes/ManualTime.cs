namespace Sluice.Server.Tests.Fakes;

/// <summary>A clock that tests set. Timers run by the machine's own.</summary>
internal sealed class ManualTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = TimeProvider.System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => Now;
}
