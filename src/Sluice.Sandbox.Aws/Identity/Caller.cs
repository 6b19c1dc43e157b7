namespace Sluice.Sandbox.Aws.Identity;

/// <summary>Who signed a request.</summary>
/// <param name="Principal">The user, or the role of the session.</param>
/// <param name="Arn">What AWS calls the caller: for a session, its sts ARN.</param>
/// <param name="PrincipalArn">What Lake Formation grants to: for a session, the role's ARN.</param>
/// <param name="AccountId">The account of the principal.</param>
/// <param name="UserId">The unique id GetCallerIdentity answers.</param>
/// <param name="IsSession">Signed with temporary credentials.</param>
internal sealed record Caller(SandboxPrincipal Principal, string Arn, string PrincipalArn, string AccountId, string UserId, bool IsSession);
