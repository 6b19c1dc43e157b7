using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>Who is to get or lose what on what.</summary>
internal sealed partial record GrantRequest(string Principal, LakeResource Resource, LakePermissions Permissions, LakePermissions Grantable)
{
    public static GrantRequest Read(JsonElement entry, string accountId)
    {
        if (!entry.TryGetProperty("Principal", out var principal) || principal.ValueKind != JsonValueKind.Object) throw AwsException.InvalidInput("Principal must not be null.");
        if (!entry.TryGetProperty("Resource", out var resource) || resource.ValueKind != JsonValueKind.Object) throw AwsException.InvalidInput("Resource must not be null.");
        return Read(principal, resource, LakeInput.TextsOf(entry, "Permissions"), LakeInput.TextsOf(entry, "PermissionsWithGrantOption"), accountId);
    }

    public static GrantRequest Read(
        JsonElement principal,
        JsonElement resource,
        IEnumerable<string?> permissions,
        IEnumerable<string?> grantable,
        string accountId)
    {
        var request = new GrantRequest(
            PrincipalOf(principal),
            ResourceReader.Read(resource, accountId),
            LakeInput.Permissions(permissions),
            LakeInput.Permissions(grantable));
        var all = request.Permissions | request.Grantable;
        if (all == default) throw AwsException.InvalidInput("Permissions must not be empty.");
        if ((all & ~request.Resource.Grantable) is not LakePermissions.None and var wrong)
        {
            throw AwsException.InvalidInput($"Permissions modification is invalid. {string.Join(", ", LakePermissionNames.Of(wrong))} can't be granted on a resource of type {request.Resource.Type}.");
        }

        return request;
    }

    public static string PrincipalOf(JsonElement principal)
    {
        var identifier = principal.TryGetProperty("DataLakePrincipalIdentifier", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return Identifier().IsMatch(identifier) ? identifier : throw AwsException.InvalidInput($"Invalid principal, {identifier}");
    }

    // IAM users, roles, SAML providers, organisations, QuickSight and Identity Center people, accounts, and the group of all IAM principals.
    [GeneratedRegex(
        """^(?:arn:aws[a-z-]*:iam::\d{12}:(?:user|role|saml-provider)/.+|arn:aws[a-z-]*:identitystore:::(?:user|group)/.+|arn:aws[a-z-]*:(?:organizations|quicksight):.+|\d{12}|\d{12}:IAMPrincipals|IAM_ALLOWED_PRINCIPALS)$""",
        RegexOptions.None,
        1000)]
    private static partial Regex Identifier();
}
