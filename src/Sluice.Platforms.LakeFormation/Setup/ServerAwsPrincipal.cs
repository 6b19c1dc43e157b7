namespace Sluice.Platforms.LakeFormation.Setup;

/// <summary>Who this server is in AWS.</summary>
/// <param name="AccountId">The account it belongs to.</param>
/// <param name="Arn">As STS names it; for a role, that of the session.</param>
/// <param name="TrustedArn">What a trust policy names: the user, or the role behind the session.</param>
public sealed record ServerAwsPrincipal(string AccountId, string Arn, string TrustedArn)
{
    /// <summary>
    /// From what STS answers. A session's ARN leaves the role's path out; a role with a path can't be named from it, so then the trust
    /// policy takes the ARN that IAM shows.
    /// </summary>
    public static ServerAwsPrincipal Of(string accountId, string arn)
    {
        var parts = arn.Split(':', 6);
        if (parts.Length == 6 && parts[5].Split('/') is ["assumed-role", var role, ..])
            return new ServerAwsPrincipal(accountId, arn, $"arn:{parts[1]}:iam::{accountId}:role/{role}");
        return new ServerAwsPrincipal(accountId, arn, arn);
    }
}
