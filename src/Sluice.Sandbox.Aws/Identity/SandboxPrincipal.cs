namespace Sluice.Sandbox.Aws.Identity;

/// <summary>An IAM user or role of the sandbox.</summary>
public sealed record SandboxPrincipal
{
    /// <summary>The name, unique among users and roles of the sandbox.</summary>
    public required string Name { get; init; }

    /// <summary>A role is assumed; a user has an access key.</summary>
    public bool IsRole { get; init; }

    /// <summary>The account it belongs to; null is the sandbox's own.</summary>
    public string? AccountId { get; init; }

    /// <summary>Allowed actions, with * as a wildcard: "glue:Get*".</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Denied actions; a Deny wins over an Allow.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>A data lake administrator sees and grants everything.</summary>
    public bool IsDataLakeAdministrator { get; init; }

    /// <summary>For a role: the ARNs its trust policy names, an account's root included.</summary>
    public IReadOnlyList<string> TrustedPrincipals { get; init; } = [];

    /// <summary>For a role: the sts:ExternalId its trust policy asks for.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The ARN, in the account given when the principal has none of its own.</summary>
    /// <param name="sandboxAccountId">The sandbox's account.</param>
    public string ArnIn(string sandboxAccountId) =>
        $"arn:aws:iam::{AccountId ?? sandboxAccountId}:{(IsRole ? "role" : "user")}/{Name}";
}
