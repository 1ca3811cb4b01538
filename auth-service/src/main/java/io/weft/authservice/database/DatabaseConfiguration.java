// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.database;

import com.zaxxer.hikari.HikariDataSource;
import io.weft.authservice.state.StateDirectory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * The database {@code spring.datasource} names, else H2 in a file of the state directory. Whoever
 * needs it while it is away hears so within seconds.
 */
@Configuration(proxyBeanMethods = false)
public class DatabaseConfiguration {

    /** Lower case as PostgreSQL has it, and written before a commit returns. */
    private static final String FILE_URL =
            ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;WRITE_DELAY=0";

    @Bean
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource dataSource(DataSourceProperties properties, StateDirectory state) {
        String url = properties.getUrl();
        if (url == null) {
            properties.setUrl("jdbc:h2:file:" + state.path().resolve("people") + FILE_URL);
            properties.setUsername("sa");
            properties.setPassword("");
        }
        HikariDataSource source =
                properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
        if (url != null && url.startsWith("jdbc:postgresql:")) {
            source.addDataSourceProperty("connectTimeout", "2");
            source.addDataSourceProperty("socketTimeout", "5");
            source.addDataSourceProperty("tcpKeepAlive", "true");
        }
        return source;
    }

    /** Around everything, Spring Security included. */
    @Bean
    FilterRegistrationBean<DatabaseOutageFilter> databaseOutageFilter() {
        var registration = new FilterRegistrationBean<>(new DatabaseOutageFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return registration;
    }
}
