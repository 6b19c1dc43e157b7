using System.IO.Enumeration;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.Identity;

/// <summary>Evaluates a principal's actions: an explicit Deny wins, then an Allow; otherwise no.</summary>
internal static class IamPolicy
{
    public static bool Allows(SandboxPrincipal principal, string action) =>
        !Matches(principal.Deny, action) && Matches(principal.Allow, action);

    /// <summary>Throws AWS's refusal when the caller may not do the action.</summary>
    public static void Demand(Caller caller, string action, string resource, int status)
    {
        var denied = Matches(caller.Principal.Deny, action);
        if (!denied && Matches(caller.Principal.Allow, action)) return;
        var why = denied
            ? "with an explicit deny in an identity-based policy"
            : $"because no identity-based policy allows the {action} action";
        throw new AwsException(
            "AccessDeniedException",
            $"User: {caller.Arn} is not authorized to perform: {action} on resource: {resource} {why}",
            status);
    }

    public static bool Matches(IReadOnlyList<string> patterns, string action) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, action, ignoreCase: true));
}
