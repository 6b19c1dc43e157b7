using System.Collections.Specialized;
using System.Text.RegularExpressions;
using System.Web;
using Sluice.Sandbox.Aws.Identity;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.Sts;

/// <summary>GetCallerIdentity and AssumeRole, in the query protocol.</summary>
internal static partial class StsOperations
{
    private const int DefaultSeconds = 3600;
    private const int ShortestSeconds = 900;
    private const int LongestSeconds = 43200;

    public static NameValueCollection Parse(ReadOnlyMemory<byte> body) => HttpUtility.ParseQueryString(System.Text.Encoding.UTF8.GetString(body.Span));

    public static string Run(SandboxRuntime runtime, Caller caller, NameValueCollection form, string requestId)
    {
        if (form["Version"] != "2011-06-15") throw new AwsException("InvalidAction", $"Could not find operation {form["Action"]} for version {form["Version"]}");
        return form["Action"] switch
        {
            "GetCallerIdentity" => StsXml.CallerIdentity(caller, requestId),
            "AssumeRole" => AssumeRole(runtime, caller, form, requestId),
            var other => throw new AwsException("InvalidAction", $"Could not find operation {other} for version 2011-06-15"),
        };
    }

    private static string AssumeRole(SandboxRuntime runtime, Caller caller, NameValueCollection form, string requestId)
    {
        var (arn, session, externalId) = (form["RoleArn"], form["RoleSessionName"], form["ExternalId"]);
        var seconds = CheckInput(arn, session, externalId, form["DurationSeconds"]);
        // A missing role and a refusing one answer alike.
        if (runtime.Credentials.FindRole(arn!) is not { } role || !Trusts(role, caller, externalId, runtime.Options.AccountId))
        {
            throw new AwsException("AccessDenied", $"User: {caller.Arn} is not authorized to perform: sts:AssumeRole on resource: {arn}", 403);
        }

        if (seconds > DefaultSeconds)
        {
            throw new AwsException("ValidationError", caller.IsSession
                ? "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
                : "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }

        var expires = runtime.Options.Clock.GetUtcNow().AddSeconds(seconds);
        return StsXml.AssumedRole(role, session!, runtime.Options.AccountId, runtime.Credentials.Issue(role, session!, expires), requestId);
    }

    private static int CheckInput(string? arn, string? session, string? externalId, string? duration)
    {
        List<string> problems = [];
        if (arn is null) problems.Add("Value null at 'roleArn' failed to satisfy constraint: Member must not be null");
        else if (arn.Length is < 20 or > 2048) problems.Add($"Value '{arn}' at 'roleArn' failed to satisfy constraint: Member must have length between 20 and 2048");
        if (session is null) problems.Add("Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null");
        else if (!SessionName().IsMatch(session)) problems.Add($"Value '{session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: {SessionName()}");
        if (externalId is not null && !ExternalId().IsMatch(externalId)) problems.Add($"Value '{externalId}' at 'externalId' failed to satisfy constraint: Member must satisfy regular expression pattern: {ExternalId()}");
        var seconds = DefaultSeconds;
        if (duration is not null && (!int.TryParse(duration, out seconds) || seconds is < ShortestSeconds or > LongestSeconds))
        {
            problems.Add($"Value '{duration}' at 'durationSeconds' failed to satisfy constraint: Member must have value between {ShortestSeconds} and {LongestSeconds}");
        }

        if (problems.Count == 0) return seconds;
        var count = problems.Count == 1 ? "1 validation error" : $"{problems.Count} validation errors";
        throw new AwsException("ValidationError", $"{count} detected: {string.Join("; ", problems)}");
    }

    /// <summary>
    /// The trust policy names the caller or its account's root, and its sts:ExternalId is met. Outside the role's own account, and
    /// where only the root is named, the caller's own policy must allow the action too; a Deny always refuses.
    /// </summary>
    private static bool Trusts(SandboxPrincipal role, Caller caller, string? externalId, string accountId)
    {
        var named = role.TrustedPrincipals.Contains(caller.PrincipalArn) || role.TrustedPrincipals.Contains(caller.Arn);
        var byAccount = role.TrustedPrincipals.Contains($"arn:aws:iam::{caller.AccountId}:root");
        if (!named && !byAccount) return false;
        if (role.ExternalId is not null && role.ExternalId != externalId) return false;
        if (IamPolicy.Matches(caller.Principal.Deny, "sts:AssumeRole")) return false;
        var sameAccount = caller.AccountId == (role.AccountId ?? accountId);
        return (sameAccount && named) || IamPolicy.Allows(caller.Principal, "sts:AssumeRole");
    }

    [GeneratedRegex(@"^[\w+=,.@-]{2,64}$", RegexOptions.None, 1000)]
    private static partial Regex SessionName();

    [GeneratedRegex(@"^[\w+=,.@:/-]{2,1224}$", RegexOptions.None, 1000)]
    private static partial Regex ExternalId();
}
