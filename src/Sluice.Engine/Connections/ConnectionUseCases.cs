using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Catalog;
using Sluice.Engine.Errors;
using Sluice.Engine.Jobs;
using Sluice.Engine.Platforms;
using Sluice.Engine.QueryAudit;
using Sluice.Platforms;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Connections;

/// <inheritdoc cref="IConnectionUseCases"/>
internal sealed class ConnectionUseCases(
    RegistrationReader reader,
    PlatformProbe probe,
    IConnectionStore connections,
    ICatalogStore catalog,
    ActivationGuard guard,
    IJobStore queue,
    JobFactory jobs,
    IConnectionWaker waker,
    TimeProvider time,
    IIdSource ids) : IConnectionUseCases
{
    public async Task<Accepted> RegisterAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        var registration = reader.ReadNew(body);
        await RefuseTakenKeyAsync(registration.Key, cancellationToken);

        var id = ids.NewId();
        var answer = await probe.RunAsync(id, registration.Key, registration.Spec, registration.Settings, [], cancellationToken);

        var now = time.GetUtcNow();
        var path = new ObjectPath(registration.Key);
        var crawl = jobs.Crawl(id, path, caller);
        var connection = new StoredConnection
        {
            Id = id,
            Key = registration.Key,
            Technology = registration.Spec.Technology,
            AuthenticationType = registration.Spec.AuthenticationType,
            DocumentJson = registration.Spec.Document.GetRawText(),
            IntegrationJson = registration.Spec.Integration?.GetRawText(),
            SecretDestination = registration.Spec.SecretDestination,
            SettingsJson = ConnectionSettingsWriter.Write(registration.Settings).ToJsonString(),
            Options = registration.Options,
            IdentityKey = answer.Identity.Key,
            IdentityName = answer.Identity.DisplayName,
            Status = ConnectionStatus.Creating,
            ChecksJson = CheckList.ToJson(answer.Checks),
            RootObjectId = 0,
            Revision = 1,
            CreatedAt = now,
            CreatedBy = caller.AsActor(),
            UpdatedAt = now,
            UpdatedBy = caller.AsActor(),
            NextSyncAt = now + registration.Settings.ObjectSyncEvery,
        };
        var written = await connections.AddAsync(connection, registration.Settings.IsActive, answer.Secrets, crawl, cancellationToken);
        ThrowUnlessDone(written, registration.Key, answer.Identity);
        await waker.WakeAsync(id);
        return new Accepted(path, crawl.BulkId);
    }

    public async Task<DryRunReport> TryAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        var registration = reader.ReadNew(body);
        await RefuseTakenKeyAsync(registration.Key, cancellationToken);
        var answer = await probe.RunAsync(ids.NewId(), registration.Key, registration.Spec, registration.Settings, [], cancellationToken);
        var same = (await connections.ListAsync(cancellationToken)).FirstOrDefault(c => c.IdentityKey == answer.Identity.Key);
        if (same is not null) ThrowUnlessDone(new ConnectionWrite(ConnectionWriteOutcome.IdentityTaken, same.Key), registration.Key, answer.Identity);
        return new DryRunReport(new ObjectPath(registration.Key), answer.Identity, answer.Checks);
    }

    public async Task<ConnectionView> ReadAsync(string connectionKey, Caller caller, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(connectionKey, cancellationToken);
        var root = connection is null ? null : await catalog.FindAsync(new ObjectPath(connection.Key), cancellationToken);
        if (!caller.HasAny(Reading.Permissions) && !caller.IsAmong(root?.Owners ?? [])) throw Caller.Missing(Reading.Permissions);
        if (connection is null || root is null) throw NotFound(connectionKey);

        var secrets = await connections.SecretsAsync(connection.Id, cancellationToken);
        var settings = SettingsOf(connection) with { IsActive = root.Overrides.IsActive ?? false };
        return new ConnectionView(
            connection with { SettingsJson = ConnectionSettingsWriter.Write(settings).ToJsonString() },
            [.. secrets.Select(s => s.Field)],
            CheckList.FromJson(connection.ChecksJson));
    }

    public async Task<Accepted> UpdateAsync(
        string connectionKey, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        var connection = await connections.FindAsync(connectionKey, cancellationToken) ?? throw NotFound(connectionKey);
        if (ifRevision?.Contains(connection.Revision) is false) throw RevisionChanged(connection.Key);

        var stored = await connections.SecretsAsync(connection.Id, cancellationToken);
        var root = await catalog.FindAsync(new ObjectPath(connection.Key), cancellationToken) ?? throw NotFound(connectionKey);
        var settings = SettingsOf(connection) with { IsActive = root.Overrides.IsActive ?? false };
        var change = reader.ReadUpdate(body, connection.Key, StoredSpec.Of(connection, stored), settings, connection.Options);

        if (change.Settings is { } wanted) RefuseLaxer(wanted, settings, caller);
        if (change.Spec is { } next)
        {
            RefuseWithoutLineage(connection, next, caller);
            RefuseExemptions(connection, next, caller);
        }

        if (change.Settings is { } changed && changed.IsActive != settings.IsActive) await guard.CheckAsync(connection, root, changed.IsActive, changed, caller, cancellationToken);

        ConnectionDocument? document = null;
        string? checksJson = null;
        var identity = new PlatformIdentity(connection.IdentityKey, connection.IdentityName);
        if ((change.Spec ?? Probed(change.Settings)) is { } spec)
        {
            var answer = await probe.RunAsync(connection.Id, connection.Key, spec, change.Settings ?? settings, stored, cancellationToken);
            RefuseOtherPlatform(connection, spec, answer.Identity);
            document = new ConnectionDocument(
                spec.AuthenticationType, spec.Document.GetRawText(), spec.Integration?.GetRawText(), spec.SecretDestination, answer.Secrets,
                answer.Identity.Key, answer.Identity.DisplayName);
            checksJson = CheckList.ToJson(answer.Checks);
            identity = answer.Identity;
        }

        var path = new ObjectPath(connection.Key);
        var crawl = jobs.Crawl(connection.Id, path, caller);
        var written = await connections.UpdateAsync(
            connection.Id,
            connection.Revision,
            new ConnectionUpdate
            {
                Document = document,
                SettingsJson = change.Settings is null ? null : ConnectionSettingsWriter.Write(change.Settings).ToJsonString(),
                IsActive = change.Settings?.IsActive,
                Options = change.Options,
                ChecksJson = checksJson,
                NextSyncAt = change.Settings is null ? null : time.GetUtcNow() + change.Settings.ObjectSyncEvery,
            },
            caller.AsActor(),
            crawl,
            cancellationToken);
        ThrowUnlessDone(written, connection.Key, identity);
        await waker.WakeAsync(connection.Id);
        return new Accepted(path, crawl.BulkId);

        // What settings ask of the platform is tried before they are stored, too.
        ConnectionSpec? Probed(ConnectionSettings? wanted) =>
            wanted is { GroupBudget: > 0 } && wanted.GroupBudget != settings.GroupBudget ? StoredSpec.Of(connection, stored) : null;
    }

    public async Task<Accepted> CheckAsync(string connectionKey, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        var connection = await connections.FindAsync(connectionKey, cancellationToken) ?? throw NotFound(connectionKey);
        var bulkId = await queue.AskAsync(jobs.HealthCheck(connection.Id, connection.Key, caller), caller.AsActor(), cancellationToken);
        await waker.WakeAsync(connection.Id);
        return new Accepted(new ObjectPath(connection.Key), bulkId);
    }

    internal static ConnectionSettings SettingsOf(StoredConnection connection)
    {
        using var json = JsonDocument.Parse(connection.SettingsJson);
        return ConnectionSettingsReader.Read(new PayloadObject(json.RootElement, "$", new ProblemList()), stored: null);
    }

    private static void RefuseLaxer(ConnectionSettings wanted, ConnectionSettings settings, Caller caller)
    {
        var laxer = wanted.LaxerThan(settings);
        if (laxer.Count == 0 || caller.HasAny(Permission.Governance)) return;
        throw new RequestRefusedException(
            ErrorCode.Forbidden,
            $"This needs the permission {Permission.Governance} besides: {string.Join(", ", laxer.Select(static m => $"settings.{m}"))} would let more be seen, or more be done unasked, than now.");
    }

    // What data brought along protects no more once lineage is switched off.
    private static void RefuseWithoutLineage(StoredConnection connection, ConnectionSpec spec, Caller caller)
    {
        if (caller.HasAny(Permission.Governance) || !QueryAuditSwitch.CarriesTags(connection.IntegrationJson) || QueryAuditSwitch.CarriesTags(spec.Integration?.GetRawText())) return;
        throw new RequestRefusedException(
            ErrorCode.Forbidden,
            $"This needs the permission {Permission.Governance} besides: nativeIntegration.config.lineage.enabled is switched off, and the tags that data brought along would protect no more.");
    }

    private static void RefuseExemptions(StoredConnection connection, ConnectionSpec spec, Caller caller)
    {
        if (caller.HasAny(Permission.Governance)) return;
        var added = IntegrationExemptions.Added(connection.IntegrationJson, spec.Integration?.GetRawText());
        if (added.Count == 0) return;
        throw new RequestRefusedException(
            ErrorCode.Forbidden,
            $"This needs the permission {Permission.Governance} besides: {string.Join(", ", added.Select(static e => $"nativeIntegration.config.{e}"))} would be exempt from data policies and see more than now.");
    }

    private async Task RefuseTakenKeyAsync(string key, CancellationToken cancellationToken)
    {
        if (await connections.FindAsync(key, cancellationToken) is { } holder)
            ThrowUnlessDone(new ConnectionWrite(ConnectionWriteOutcome.KeyTaken, holder.Key), key, identity: null);
    }

    // What answers at the same address for the same user is the same platform, even when it has become able to say more of itself (a privilege
    // granted on our own advice) or was rebuilt (an upgrade of the server).
    private static void RefuseOtherPlatform(StoredConnection connection, ConnectionSpec spec, PlatformIdentity identity)
    {
        if (identity.Key == connection.IdentityKey || spec.SecretDestination == connection.SecretDestination) return;
        throw new RequestRefusedException(
            ErrorCode.WrongState,
            $"The update leads to another platform: '{connection.Key}' stands for {connection.IdentityName}, and this is {identity.DisplayName}. "
            + "Register it as a connection of its own.");
    }

    private static void ThrowUnlessDone(ConnectionWrite written, string key, PlatformIdentity? identity)
    {
        if (written.Outcome == ConnectionWriteOutcome.Done) return;
        throw written.Outcome switch
        {
            ConnectionWriteOutcome.KeyTaken => new RequestRefusedException(
                ErrorCode.ConnectionKeyTaken, $"The connection key '{key}' is taken by '{written.ConflictingKey}' (keys are compared ignoring case)."),
            ConnectionWriteOutcome.IdentityTaken => new RequestRefusedException(
                ErrorCode.PlatformRegistered, $"{identity?.DisplayName} is registered already, as connection '{written.ConflictingKey}'."),
            ConnectionWriteOutcome.RevisionChanged => RevisionChanged(key),
            _ => NotFound(key),
        };
    }

    private static RequestRefusedException RevisionChanged(string key) => new(
        ErrorCode.RevisionChanged, $"The connection '{key}' has been changed since it was read. Read it again and repeat the update.");

    private static RequestRefusedException NotFound(string key) => new(ErrorCode.NotFound, $"There is no connection '{key}'.");
}
