using Sluice.Engine.Connections;

namespace Sluice.Server.Data;

/// <summary>What a dry run found.</summary>
internal sealed record DryRunAnswer(IReadOnlyList<string> ObjectPath, bool DryRun, PlatformAnswer Platform, ValidationAnswer ValidationResults)
{
    public static DryRunAnswer Of(DryRunReport report) => new(
        report.ObjectPath.Names, true, new PlatformAnswer(report.Identity.Key, report.Identity.DisplayName), ValidationAnswer.Of(report.Checks));
}

/// <summary>What the platform says it is.</summary>
internal sealed record PlatformAnswer(string Key, string Name);
