using System.Text;
using System.Text.Json;
using Sluice.Platforms.LakeFormation.Checks;

namespace Sluice.Platforms.LakeFormation.Setup;

/// <summary>What a customer puts into AWS, as text. Pure: nothing is asked of AWS.</summary>
public static class AwsSetup
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, IndentSize = 2, NewLine = "\n" };

    /// <summary>The actions of the documented policy, in its order.</summary>
    public static IReadOnlyList<string> Actions => DocumentedActions.All;

    /// <summary>The IAM policy of the service principal: exactly the documented actions.</summary>
    public static string PolicyDocument() => Statement(json =>
    {
        json.WriteStartArray("Action");
        foreach (var action in Actions) json.WriteStringValue(action);
        json.WriteEndArray();
        json.WriteString("Resource", "*");
    });

    /// <summary>The trust policy of the role that this server assumes: this server alone, and only with its external id.</summary>
    /// <param name="serverPrincipalArn">The server's own principal (<see cref="ServerAwsPrincipal.TrustedArn"/>).</param>
    /// <param name="externalId">This server's external id.</param>
    public static string TrustPolicyDocument(string serverPrincipalArn, string externalId) => Statement(json =>
    {
        json.WriteStartObject("Principal");
        json.WriteString("AWS", serverPrincipalArn);
        json.WriteEndObject();
        json.WriteString("Action", "sts:AssumeRole");
        json.WriteStartObject("Condition");
        json.WriteStartObject("StringEquals");
        json.WriteString("sts:ExternalId", externalId);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>What is left to do in Lake Formation, one step a line.</summary>
    /// <param name="servicePrincipal">The user or role that the connection uses; null when it isn't known yet.</param>
    /// <param name="tagKey">The LF-Tag that marks what Sluice governs.</param>
    public static IReadOnlyList<string> LakeFormationSteps(string? servicePrincipal, string tagKey = "sluice_governed")
    {
        var principal = servicePrincipal ?? "the service principal";
        return
        [
            "See that databases and tables are governed by Lake Formation, not by IAM access control or in hybrid access mode: register their "
                + "locations, clear both \"use only IAM access control\" settings of the Data Catalog, and revoke what IAM_ALLOWED_PRINCIPALS has.",
            $"LF-Tags and permissions, LF-Tag creators: add {principal} with Create LF-Tag, grantable.",
            $"LF-Tags and permissions: add the LF-Tag {tagKey} with the value true, and grant yourself ASSOCIATE on it.",
            $"LF-Tags and permissions: grant {principal} DESCRIBE on {tagKey} and on every other LF-Tag in use.",
            $"Data permissions, Grant: {principal}, resources matched by the LF-Tag {tagKey}=true, database permission DESCRIBE grantable, table "
                + "permissions SELECT, DESCRIBE, INSERT, DELETE grantable. With ALTER and DROP grantable as well, Sluice can assign LF-Tags and "
                + "grant on whole groups of tables; without them it grants on each table by name.",
            $"Assign {tagKey}=true to each database that Sluice is to govern; its tables inherit it, and single ones can be excepted.",
        ];
    }

    private static string Statement(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteString("Version", "2012-10-17");
            json.WriteStartArray("Statement");
            json.WriteStartObject();
            json.WriteString("Effect", "Allow");
            members(json);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
