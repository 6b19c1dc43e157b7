using System.Globalization;
using System.Text;
using Sluice.Platforms.LakeFormation.Identity;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>The two calls of STS.</summary>
internal sealed class StsClient(AwsClient aws)
{
    private const string Version = "2011-06-15";

    /// <summary>Who the credentials belong to. Needs no permission.</summary>
    public async Task<CallerIdentity> GetCallerIdentityAsync(CancellationToken cancellationToken)
    {
        var leaves = await CallAsync("GetCallerIdentity", [], cancellationToken);
        return leaves.TryGetValue("Account", out var account) && leaves.TryGetValue("Arn", out var arn)
            ? new CallerIdentity(account, arn)
            : throw NotSts();
    }

    /// <summary>Assumes a role for an hour, which is also the most that role chaining allows.</summary>
    public async Task<AwsCredentials> AssumeRoleAsync(
        string roleArn, string sessionName, string externalId, CancellationToken cancellationToken)
    {
        var leaves = await CallAsync(
            "AssumeRole",
            [("RoleArn", roleArn), ("RoleSessionName", sessionName), ("ExternalId", externalId), ("DurationSeconds", "3600")],
            cancellationToken);
        return leaves.TryGetValue("AccessKeyId", out var id) && leaves.TryGetValue("SecretAccessKey", out var secret)
            && leaves.TryGetValue("SessionToken", out var token) && leaves.TryGetValue("Expiration", out var end)
            && DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expires)
            ? new AwsCredentials(id, secret, token, expires)
            : throw NotSts();
    }

    private async Task<Dictionary<string, string>> CallAsync(
        string action, IReadOnlyList<(string Name, string Value)> parameters, CancellationToken cancellationToken)
    {
        var form = new StringBuilder($"Action={action}&Version={Version}");
        foreach (var (name, value) in parameters) form.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        using var response = await aws.CallAsync(action, Encoding.ASCII.GetBytes(form.ToString()), cancellationToken);
        return StsXml.Leaves(response.Body, $"{action}Response") ?? throw NotSts();
    }

    private static PlatformException NotSts() =>
        new(PlatformFailure.Refused, "STS did not answer in the form that AWS documents; is the endpoint the right one?");
}
