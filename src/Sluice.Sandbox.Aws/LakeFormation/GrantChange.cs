using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>Carries grants out: whether the caller may, whether the resource is there, then the change.</summary>
internal static class GrantChange
{
    public static void Grant(Call call, GrantRequest request)
    {
        if ((request.Grantable & ~LakePermissionNames.Expand(request.Permissions)) != default)
        {
            throw AwsException.InvalidInput("Permissions with grant option must be a subset of the permissions granted.");
        }

        if (request.Principal == AccessRules.IamAllowedPrincipals && (request.Permissions != LakePermissions.All || request.Grantable != default))
        {
            throw AwsException.InvalidInput("IAM_ALLOWED_PRINCIPALS can only be granted ALL, without the grant option.");
        }

        Demand(call, request);
        call.Account.Grants.Add(request.Principal, request.Resource, request.Permissions, request.Grantable, call.Now, call.Caller.PrincipalArn);
    }

    public static void Revoke(Call call, GrantRequest request)
    {
        Demand(call, request);
        var grant = call.Account.Grants.Find(request.Principal, request.Resource);
        if (grant is null || ((grant.Granted & request.Permissions) | (grant.Grantable & request.Grantable)) == default)
        {
            throw AwsException.InvalidInput(request.Resource is TagValues
                ? "No permissions revoked. Revoking Tag permissions on Tags that grantee does not have permissions on."
                : "No permissions revoked. Grantee has no permissions and no grantable permissions on resource.");
        }

        // Who loses a permission can't keep passing it on.
        grant.Granted &= ~request.Permissions;
        grant.Grantable &= ~(request.Grantable | request.Permissions);
        grant.LastUpdated = call.Now;
        grant.LastUpdatedBy = call.Caller.PrincipalArn;
        if (grant.Granted == default && grant.Grantable == default) call.Account.Grants.Remove(grant);
    }

    private static void Demand(Call call, GrantRequest request)
    {
        var asked = request.Permissions | request.Grantable;
        var access = call.Access;
        switch (request.Resource)
        {
            case WholeCatalog or DataLocation:
                Require(access.OnCatalog().CanGrant(asked));
                break;
            case TagValues tag:
                DemandTag(call, tag, asked);
                break;
            case TagPolicy policy:
                DemandPolicy(call, policy, asked);
                break;
            case AllTables tables:
                LakeInput.Find(call, tables);
                Require(access.IsAdministrator || new Access(default, access.HeldOn(tables), null).CanGrant(asked));
                break;
            case NamedDatabase database:
                Require(access.On(LakeInput.Find(call, database).Database).CanGrant(asked));
                break;
            default:
                var table = LakeInput.Find(call, request.Resource).Table!.Value;
                if (request.Resource is TableColumns some) LakeInput.CheckColumns(table, some.Columns);
                Require(access.On(table).CanGrant(asked));
                break;
        }
    }

    private static void DemandTag(Call call, TagValues on, LakePermissions asked)
    {
        var tag = call.Account.Tags.Find(on.TagKey) ?? throw AwsException.NotFound($"Tag key not found: {on.TagKey}");
        var values = on.Values.Contains("*") ? tag.Values : on.Values;
        if (values.Except(tag.Values) is { IsEmpty: false } missing) throw AwsException.NotFound($"Tag value not found: {string.Join(", ", missing)}");
        Require(values.All(value => (call.Access.On(tag, value).Grantable & asked) == asked));
    }

    private static void DemandPolicy(Call call, TagPolicy policy, LakePermissions asked)
    {
        foreach (var (key, values) in policy.Expression.Conditions)
        {
            var tag = call.Account.Tags.Find(key);
            if (tag is null || values.Any(value => !tag.Values.Contains(value))) throw AwsException.NotFound($"Tag key or value not found: {key}");
        }

        // Either the right to grant with these tags, or the same expression with the grant option.
        Require(call.Access.MayGrantWith(policy.Expression) || new Access(default, call.Access.HeldOn(policy), null).CanGrant(asked));
    }

    private static void Require(bool allowed)
    {
        if (!allowed) throw AwsException.HiddenOrMissing();
    }
}
