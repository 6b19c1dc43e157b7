using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>GetDataLakeSettings.</summary>
internal static class SettingsOperations
{
    public static void GetDataLakeSettings(Call call)
    {
        LakeInput.Check(call);
        var administrators = call.Runtime.Credentials.All.Where(principal => principal.IsDataLakeAdministrator);
        call.Json.WriteStartObject();
        call.Json.WriteStartObject("DataLakeSettings");
        call.Json.WriteStartArray("DataLakeAdmins");
        foreach (var administrator in administrators)
        {
            call.Json.WriteStartObject();
            call.Json.WriteString("DataLakePrincipalIdentifier", administrator.ArnIn(call.Options.AccountId));
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        foreach (var empty in (ReadOnlySpan<string>)["ReadOnlyAdmins", "CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions", "TrustedResourceOwners", "ExternalDataFilteringAllowList", "AuthorizedSessionTagValueList"])
        {
            call.Json.WriteStartArray(empty);
            call.Json.WriteEndArray();
        }

        call.Json.WriteStartObject("Parameters");
        call.Json.WriteString("CROSS_ACCOUNT_VERSION", "4");
        call.Json.WriteEndObject();
        call.Json.WriteBoolean("AllowExternalDataFiltering", value: false);
        call.Json.WriteBoolean("AllowFullTableExternalDataAccess", value: false);
        call.Json.WriteEndObject();
        call.Json.WriteEndObject();
    }
}
