namespace Sluice.Platforms.Databricks.Checks;

/// <summary>Makes checks.</summary>
internal static class Verdicts
{
    public static Check Passed(string name, string result) => new(name, CheckStatus.Passed, result);

    public static Check Failed(string name, string result, string message) => new(name, CheckStatus.Failed, result, message);

    public static Check Warning(string name, string result, string message) => new(name, CheckStatus.Warning, result, message);

    public static Check Skipped(string name, string message) => new(name, CheckStatus.Skipped, "not tried", message);

    /// <summary>What Databricks could not answer just now says nothing of what was asked.</summary>
    public static Check NotJustNow(string name, PlatformException e) =>
        new(name, CheckStatus.Skipped, "could not be asked just now", $"{e.Message.TrimEnd('.')}. Run the checks again.") { IsInconclusive = true };

    /// <summary>A refusal: not just now, or the verdict that it makes.</summary>
    public static Check Of(string name, PlatformException e, CheckStatus status, string message) =>
        e.IsTransient ? NotJustNow(name, e) : new Check(name, status, e.Message, message);

    /// <summary>Whether the host answered. Where there is no way to it, there is nothing to check.</summary>
    public static bool IsAnswer(PlatformException e) => e.Failure is not (PlatformFailure.Unreachable or PlatformFailure.EgressDenied);
}
