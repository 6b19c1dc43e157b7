using Sluice.Platforms.Snowflake.Protocol;

namespace Sluice.Platforms.Snowflake;

/// <summary>
/// What an account says it is, however the host was spelled: its locator and region, which stay. Its organisation and name, which an administrator can
/// change, are shown where it has them.
/// </summary>
internal static class AccountIdentity
{
    private static readonly Statement Query =
        new("SELECT CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME(), CURRENT_ACCOUNT(), CURRENT_REGION()");

    public static async Task<PlatformIdentity> ReadAsync(StatementClient statements, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(Query, cancellationToken);
        await foreach (var row in result.RowsAsync(cancellationToken))
        {
            if (row is not [var organization, var name, { Length: > 0 } locator, { Length: > 0 } region]) continue;
            var shown = organization is { Length: > 0 } && name is { Length: > 0 } ? $"{organization}-{name}" : $"{locator} in {region}";
            return new PlatformIdentity($"snowflake:{region}:{locator}", $"Snowflake account {shown}");
        }

        throw new PlatformException(PlatformFailure.Refused, "Snowflake did not say which account it is.");
    }
}
