namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>What a principal's name tells.</summary>
internal static class PrincipalKind
{
    /// <summary>Whether it is one user or role, and no group, account, provider or organisation.</summary>
    public static bool IsSingle(string principal) =>
        principal.StartsWith("arn:aws", StringComparison.Ordinal)
        && ((principal.Contains(":iam::", StringComparison.Ordinal) && (principal.Contains(":user/", StringComparison.Ordinal) || principal.Contains(":role/", StringComparison.Ordinal)))
            || principal.Contains(":identitystore:::user/", StringComparison.Ordinal));
}
