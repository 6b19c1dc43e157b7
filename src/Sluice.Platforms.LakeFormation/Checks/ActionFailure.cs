namespace Sluice.Platforms.LakeFormation.Checks;

/// <summary>What it means that an action can't be had.</summary>
internal static class ActionFailure
{
    /// <summary>Whether the endpoint answered. Where there is no way to it, there is nothing to check.</summary>
    public static bool IsAnswer(PlatformException e) => e.Failure is not (PlatformFailure.Unreachable or PlatformFailure.EgressDenied);

    /// <summary>What was refused is a privilege that is missing; what AWS could not answer just now says nothing of one.</summary>
    public static Check Of(string action, PlatformException e) => e.IsTransient ? NotJustNow(action, e) : Describe(action, e.Message);

    /// <summary>A check that has to be run again.</summary>
    public static Check NotJustNow(string name, PlatformException e) =>
        new(name, CheckStatus.Skipped, "could not be asked just now", $"{e.Message.TrimEnd('.')}. Run the checks again.") { IsInconclusive = true };

    /// <summary>Without a Glue action nothing can be crawled; without another, less works, and the message says what.</summary>
    public static Check Describe(string action, string words) => new(
        action,
        action.StartsWith("glue:", StringComparison.Ordinal) ? CheckStatus.Failed : CheckStatus.Warning,
        words,
        $"{Consequence(action)} Allow the action {action} in the principal's IAM policy, and see that Lake Formation lets it see the resource.");

    private static string Consequence(string action) => action switch
    {
        DocumentedActions.ListPermissions => "Nothing can be proven to be governed by Lake Formation, so nothing can be active.",
        DocumentedActions.ListLFTags => "LF-Tags are unknown, so nothing counts as governed.",
        DocumentedActions.GetLFTag => "LF-Tags that aren't listed can't be looked up.",
        DocumentedActions.GetResourceLFTags => "A single table's LF-Tags can't be read.",
        DocumentedActions.SearchTables or DocumentedActions.SearchDatabases => "Each table is asked for its LF-Tags instead, which is slow.",
        _ => "The catalog can't be crawled.",
    };
}
