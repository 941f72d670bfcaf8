import java.nio.file.Path;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.io.ByteUnit;

/** Neo4j Community with Bolt on one loopback port, passwords on, and nothing else: java Neo4jServer.java FOLDER PORT PAGE_CACHE_MIB */
public class Neo4jServer {
	public static void main(String[] args) throws Exception {
		var address = new SocketAddress("127.0.0.1", Integer.parseInt(args[1]));
		var service = new DatabaseManagementServiceBuilder(Path.of(args[0]))
			.setConfig(GraphDatabaseSettings.auth_enabled, true)
			.setConfig(GraphDatabaseSettings.pagecache_memory, ByteUnit.mebiBytes(Long.parseLong(args[2])))
			.setConfig(BoltConnector.enabled, true)
			.setConfig(BoltConnector.listen_address, address)
			.setConfig(BoltConnector.advertised_address, address)
			.build();
		Runtime.getRuntime().addShutdownHook(new Thread(service::shutdown));
		System.out.println("ready");
		Thread.currentThread().join();
	}
}
