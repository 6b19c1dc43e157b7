using System.Xml.Linq;
using Sluice.Sandbox.Aws.Identity;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.Sts;

/// <summary>The XML answers of the query protocol.</summary>
internal static class StsXml
{
    private static readonly XNamespace Space = "https://sts.amazonaws.com/doc/2011-06-15/";

    public static string CallerIdentity(Caller caller, string requestId) => Wrap("GetCallerIdentity", requestId,
        new XElement(Space + "Arn", caller.Arn),
        new XElement(Space + "UserId", caller.UserId),
        new XElement(Space + "Account", caller.AccountId));

    public static string AssumedRole(SandboxPrincipal role, string session, string accountId, IssuedSession issued, string requestId) => Wrap("AssumeRole", requestId,
        new XElement(Space + "AssumedRoleUser",
            new XElement(Space + "AssumedRoleId", $"{CredentialStore.RoleId(role.Name)}:{session}"),
            new XElement(Space + "Arn", $"arn:aws:sts::{role.AccountId ?? accountId}:assumed-role/{role.Name}/{session}")),
        new XElement(Space + "Credentials",
            new XElement(Space + "AccessKeyId", issued.AccessKeyId),
            new XElement(Space + "SecretAccessKey", issued.SecretAccessKey),
            new XElement(Space + "SessionToken", issued.SessionToken),
            new XElement(Space + "Expiration", issued.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"))));

    public static string Error(AwsException problem, string requestId) => new XElement(Space + "ErrorResponse",
        new XElement(Space + "Error",
            new XElement(Space + "Type", problem.Status >= 500 ? "Receiver" : "Sender"),
            new XElement(Space + "Code", problem.Code),
            new XElement(Space + "Message", problem.Message)),
        new XElement(Space + "RequestId", requestId)).ToString(SaveOptions.DisableFormatting);

    private static string Wrap(string action, string requestId, params object[] result) => new XElement(Space + (action + "Response"),
        new XElement(Space + (action + "Result"), result),
        new XElement(Space + "ResponseMetadata", new XElement(Space + "RequestId", requestId))).ToString(SaveOptions.DisableFormatting);
}
